package io.nuner.engine;

/** An engine failed. Messages carry no user text. */
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean fatal;
    private final boolean hung;

    private EngineException(String message, Throwable cause, boolean fatal) {
        super(message, cause);
        this.fatal = fatal;
        this.hung = false;
    }

    private EngineException(String message, boolean fatal, boolean hung) {
        super(message);
        this.fatal = fatal;
        this.hung = hung;
    }

    /** This batch failed; the engine goes on. */
    public static EngineException batchFailed(String message) {
        return new EngineException(message, false, false);
    }

    /** This batch failed; the engine goes on. */
    public static EngineException batchFailed(String message, Throwable cause) {
        return new EngineException(message, cause, false);
    }

    /** The engine is gone and every later run would fail too. */
    public static EngineException engineLost(String message, Throwable cause) {
        return new EngineException(message, cause, true);
    }

    /** The engine could not be opened: a missing, damaged or unsuitable file, or no device. */
    public static EngineException cannotOpen(String message, Throwable cause) {
        return new EngineException(message, cause, true);
    }

    /** The engine is gone because a run never came back and no lane could take over; its threads may be stuck for good. */
    public static EngineException engineHung(String message) {
        return new EngineException(message, true, true);
    }

    /** True if a run never came back. */
    public boolean isHung() {
        return hung;
    }

    /** True if the engine cannot run any further batch. */
    public boolean isFatal() {
        return fatal;
    }
}
