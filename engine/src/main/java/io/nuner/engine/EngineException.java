package io.nuner.engine;

/** An engine failed. Messages carry no user text. */
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private EngineException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    private EngineException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** This batch failed; the engine goes on. */
    public static EngineException batchFailed(String message) {
        return new EngineException(Kind.BATCH_FAILED, message);
    }

    /** This batch failed; the engine goes on. */
    public static EngineException batchFailed(String message, Throwable cause) {
        return new EngineException(Kind.BATCH_FAILED, message, cause);
    }

    /** The engine is gone and every later run would fail too. */
    public static EngineException engineLost(String message, Throwable cause) {
        return new EngineException(Kind.LOST, message, cause);
    }

    /** The engine could not be opened: a missing, damaged or unsuitable file, or no device. */
    public static EngineException cannotOpen(String message, Throwable cause) {
        return new EngineException(Kind.CANNOT_OPEN, message, cause);
    }

    /** The engine is gone because a run never came back and no lane could take over; its threads may be stuck for good. */
    public static EngineException engineHung(String message) {
        return new EngineException(Kind.HUNG, message);
    }

    /** The device has failed in a way that only a new process recovers from; native calls, even those that free, may hang. */
    public static EngineException deviceFailed(String message, Throwable cause) {
        return new EngineException(Kind.DEVICE_FAILED, message, cause);
    }

    /** What has failed. */
    public Kind kind() {
        return kind;
    }

    /** True if the engine cannot run any further batch. */
    public boolean isFatal() {
        return kind != Kind.BATCH_FAILED;
    }

    /** What an exception is about. */
    public enum Kind {
        BATCH_FAILED,
        CANNOT_OPEN,
        LOST,
        HUNG,
        DEVICE_FAILED
    }
}
