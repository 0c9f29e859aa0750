package io.nuner.server.batching;

/** Why a request gets no entities. All but {@code CANCELLED} and {@code UNDELIVERED} are told, each by its name. Immutable. */
public enum Rejection {
    /** The request breaks a rule and can never succeed as it is. */
    INVALID("the request is invalid"),
    /** The caller has not shown to be the tenant whose share it asks for. */
    UNAUTHENTICATED("metadata nuner-key is missing, or is not the key of the tenant"),
    /** The message is larger than the server reads. */
    MESSAGE_TOO_LARGE("the message is too large"),
    /** The text has more than the server takes or the model reads at once, and is not to be cut. */
    TEXT_TOO_LONG("the text is too long"),
    /** The labels leave too little room for text. */
    LABELS_TOO_LONG("the labels are too long"),
    /** The answer has more entities or bytes than the server gives. */
    ANSWER_TOO_LARGE("the answer is too large"),
    /** The caller's connection has not read the answers that it already has. */
    UNREAD_ANSWERS("this connection has too many answers that it has not read; read them first"),
    /** More requests or tokens are in flight than the server admits. */
    OVERLOADED("the server has too much work; try again later"),
    /** The deadline passed before the answer was ready. */
    EXPIRED("the deadline passed before the answer was ready"),
    /** The deadline is so near that the answer could not be ready in time. */
    UNMEETABLE("the deadline is too near"),
    /** The caller gave up. */
    CANCELLED("the caller cancelled the call"),
    /** There was an answer, but the connection ended before it had left. */
    UNDELIVERED("the connection ended before the answer had left"),
    /** The engine failed on this very text. */
    ENGINE_FAILED("the engine failed on this text"),
    /** The engine is gone; another replica may answer. */
    ENGINE_LOST("the engine is not available"),
    /** What was taken is answered, and no more is taken here. */
    DRAINING("this stream takes no more; what it took is answered, go on with a new one"),
    /** Neither side of a stream moves, because its client does nothing. */
    STREAM_IDLE("the client sent nothing on this stream, or read nothing of it, for too long"),
    /** The server is stopping; another replica may answer. */
    SHUTTING_DOWN("the server is shutting down"),
    /** A defect of the server. */
    DEFECT("the server failed");

    private final String sentence;

    Rejection(String sentence) {
        this.sentence = sentence;
    }

    /** What callers are told. */
    public String sentence() {
        return sentence;
    }
}
