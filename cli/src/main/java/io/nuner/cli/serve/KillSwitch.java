package io.nuner.cli.serve;

import java.io.IOException;
import java.time.Duration;

/**
 * Ends this process by SIGKILL if it does not end by itself. Any thread.
 *
 * <p>Not even {@link Runtime#halt} is sure to end a process: it runs what native libraries have registered with {@code
 * atexit}, and the driver of a failed GPU may never come back from that. So a shell outside kills it: it
 * waits for the end of a pipe from here. The pipe ends when this process does, so no other process that got its number can be
 * hit. The exit code is then 137. Where there is no shell, or this process is the first of a container without an init,
 * nothing happens.
 */
final class KillSwitch {
    private static final String SCRIPT =
            "command -v timeout >/dev/null || exit 0; timeout \"$1\" cat >/dev/null || kill -9 \"$2\"";

    private KillSwitch() {}

    /** Starts to wait; returns at once. */
    static void arm(Duration patience) {
        String seconds = Long.toString(patience.toSeconds());
        String process = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("/bin/sh", "-c", SCRIPT, "kill-switch", seconds, process)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return; // there is no shell
        }
    }
}
