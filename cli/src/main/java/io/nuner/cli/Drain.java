package io.nuner.cli;

import io.nuner.server.InferenceServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a server when the process is told to stop, and ends the process with the right exit code.
 *
 * <p>A JVM that a signal ends exits with 128 plus the signal's number whatever its hooks do, so the hook halts the JVM
 * itself once the server is drained.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** A drain without an engine takes a tenth of it. */
    private static final Duration LAST_RESORT = Duration.ofSeconds(20);

    /** Time for answers to go out. What is the device's may never be freed; the process is to be gone within 5 s. */
    private static final Duration DEVICE_LAST_RESORT = Duration.ofSeconds(3);

    private static final Duration DEVICE_KILL = Duration.ofSeconds(4);

    private final InferenceServer server;
    private final AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);

    private Drain(InferenceServer server) {
        this.server = server;
    }

    /** Drains the server on SIGTERM, Ctrl-C or {@link System#exit}. */
    static Drain onShutdown(InferenceServer server) {
        Drain drain = new Drain(server);
        Runtime.getRuntime().addShutdownHook(new Thread(drain::run, "drain"));
        return drain;
    }

    /**
     * What the process exits with instead of {@link ExitCode#OK}, in any case soon: neither a drain nor a shutdown hook that
     * hangs behind a native call can keep a process without an engine.
     */
    void exitWith(int code) {
        exitCode.set(code);
        Duration patience = code == ExitCode.DEVICE_FAILED ? DEVICE_LAST_RESORT : LAST_RESORT;
        Thread lastResort = new Thread(() -> haltAfter(patience), "last-resort");
        lastResort.setDaemon(true);
        lastResort.start();
    }

    private void haltAfter(Duration patience) {
        if (exitCode.get() == ExitCode.DEVICE_FAILED) {
            KillSwitch.arm(DEVICE_KILL);
        }
        try {
            Thread.sleep(patience.toMillis());
        } catch (InterruptedException e) {
            // then earlier
        }
        Runtime.getRuntime().halt(exitCode.get());
    }

    private void run() {
        LOG.info("stopping: {} texts in flight", server.requestsInFlight());
        server.close();
        LOG.info("stopped");
        Runtime.getRuntime().halt(exitCode.get());
    }
}
