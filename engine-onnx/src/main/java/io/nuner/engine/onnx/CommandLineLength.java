package io.nuner.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long this process's command line is. ONNX Runtime 1.29.0 ends the process without a message where it is longer
 * than 4096 bytes (seen on Linux with a long class path), so such a process is refused while it can still say why.
 */
final class CommandLineLength {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final int LIMIT_BYTES = 4096;

    private CommandLineLength() {}

    /** True if the library would end this process; false where the system does not tell. */
    static boolean endsTheProcess() {
        return exceedsLimit(COMMAND_LINE);
    }

    static boolean exceedsLimit(Path commandLine) {
        try {
            return Files.readAllBytes(commandLine).length > LIMIT_BYTES;
        } catch (IOException e) {
            return false; // no Linux
        }
    }
}
