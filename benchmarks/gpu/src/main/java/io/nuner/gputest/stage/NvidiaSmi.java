package io.nuner.gputest.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What nvidia-smi says of the first device. */
final class NvidiaSmi {
    private static final String PROGRAM = "nvidia-smi";
    private static final String DESCRIPTION =
            "name,driver_version,memory.total,compute_cap,clocks.sm,clocks.max.sm,clocks.mem,power.limit,temperature.gpu";
    private static final long PATIENCE_SECONDS = 10;

    private NvidiaSmi() {}

    /**
     * Names, then values.
     *
     * @throws IOException if it is not there, does not answer, or fails
     */
    static String describe() throws IOException, InterruptedException {
        Process process = start(List.of(PROGRAM, "-i", "0", "--query-gpu=" + DESCRIPTION, "--format=csv"));
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no answer in " + PATIENCE_SECONDS + " s");
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new IOException("exit code " + process.exitValue() + ": " + answer);
        }
        return answer.replace("\n", " | ");
    }

    /** A process that prints the MiB of device memory in use each second; the caller ends it. */
    static Process memoryEachSecond() throws IOException {
        return start(
                List.of(PROGRAM, "-i", "0", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "--loop=1"));
    }

    static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
