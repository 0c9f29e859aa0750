package io.nuner.cli.stop;

/** A signal that tells the process to stop. */
public enum StopSignal {
    /** The terminal has gone. */
    HUP(1),
    /** Ctrl-C. */
    INT(2),
    /** What {@code kill}, systemd and Kubernetes send. */
    TERM(15);

    private static final int SIGNALS = 128;

    private final int number;

    StopSignal(int number) {
        this.number = number;
    }

    /** What a shell expects of a process that the signal ended before its work was done. */
    public int exitCode() {
        return SIGNALS + number;
    }
}
