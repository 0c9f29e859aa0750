package io.nuner.engine.trt.process;

import java.io.IOException;

/** Ends this process when its parent is gone, which shows as the end of standard input. */
public final class ParentWatch {
    /** Exit code of a process without a parent; nobody is there to see it. */
    private static final int ORPHANED = 4;

    private ParentWatch() {}

    /** Starts to watch, for as long as the process lives. */
    public static void start() {
        Thread watch = new Thread(ParentWatch::awaitEnd, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException e) {
            // A broken pipe shows the same.
        }
        // Not exit: another thread may be inside a native call that never returns.
        Runtime.getRuntime().halt(ORPHANED);
    }
}
