package io.nuner.server.batching;

/** Why a request gets no entities. Immutable. */
public enum Rejection {
    /** The request breaks a rule and can never succeed as it is. */
    INVALID("the request is invalid"),
    /** The caller has not shown to be the tenant whose share it asks for. */
    UNAUTHENTICATED("metadata nuner-key is missing, or is not the key of the tenant"),
    /** The message is larger than the server reads. */
    TOO_LARGE("the message is too large"),
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
