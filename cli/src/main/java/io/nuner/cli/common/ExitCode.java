package io.nuner.cli.common;

/** Exit codes of the process, those of BSD's sysexits.h where it has one. */
public final class ExitCode {
    /** All went well; a server was stopped on purpose. */
    public static final int OK = 0;

    /** The call was refused, server or hub not reached, a file not read or written, or a port not bound. */
    public static final int FAILED = 1;

    /** The command line is wrong; nothing was tried. */
    public static final int USAGE = 2;

    /** The memory does not suffice. The code is that of a virtual machine that ends itself for this reason. */
    static final int OUT_OF_MEMORY = 3;

    /** No engine can run here, or not the one asked for. */
    public static final int NO_ENGINE = 69;

    /** The engine was lost while serving. Start it again. */
    public static final int ENGINE_LOST = 70;

    /** A run of the engine never came back, and no lane could take over. Start it again. */
    public static final int ENGINE_HUNG = 71;

    /** The device failed in a way that only a new process recovers from. Start it again. */
    public static final int DEVICE_FAILED = 72;

    /** The model or checkpoint cannot be used. Starting again does not help. */
    public static final int BAD_MODEL = 78;

    /** The program has an error. Neither sysexits.h nor init scripts nor systemd use this code. */
    public static final int INTERNAL = 79;

    private ExitCode() {}
}
