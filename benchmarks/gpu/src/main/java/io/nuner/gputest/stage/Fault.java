package io.nuner.gputest.stage;

import io.nuner.gputest.options.Stage;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * A fault that a rehearsal asks for with the variable NUNER_GPUTEST_FAULT, e.g. {@code S5=hang}, to show that the run goes on.
 */
enum Fault {
    NONE,
    HANG,
    CRASH,
    FAIL,
    EXIT;

    private static final String VARIABLE = "NUNER_GPUTEST_FAULT";
    private static final int EXIT_CODE = 9;

    /** The fault asked for in this stage. */
    static Fault of(Stage stage) {
        String asked = System.getenv().getOrDefault(VARIABLE, "");
        String prefix = stage.id() + "=";
        return asked.startsWith(prefix)
                ? valueOf(asked.substring(prefix.length()).toUpperCase(Locale.ROOT))
                : NONE;
    }

    void happen() throws IOException, InterruptedException {
        switch (this) {
            case NONE -> {}
            case HANG -> new CountDownLatch(1).await();
            case CRASH -> {
                String pid = String.valueOf(ProcessHandle.current().pid());
                new ProcessBuilder("kill", "-SEGV", pid).start().waitFor();
                new CountDownLatch(1).await();
            }
            case FAIL -> throw new IOException("a fault asked for by " + VARIABLE);
            case EXIT -> Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
