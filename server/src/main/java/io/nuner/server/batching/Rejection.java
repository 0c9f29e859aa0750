package io.nuner.server.batching;

/** Why a request gets no entities. Immutable. */
public enum Rejection {
    /** The request breaks a rule and can never succeed as it is. */
    INVALID,
    /** The caller has not shown to be the tenant whose share it asks for. */
    UNAUTHENTICATED,
    /** The message is larger than the server reads. */
    TOO_LARGE,
    /** The answer has more entities or bytes than the server gives. */
    ANSWER_TOO_LARGE,
    /** The caller's connection has not read the answers that it already has. */
    UNREAD_ANSWERS,
    /** More requests or tokens are in flight than the server admits. */
    OVERLOADED,
    /** The deadline passed before the answer was ready. */
    EXPIRED,
    /** The deadline is so near that the answer could not be ready in time. */
    UNMEETABLE,
    /** The caller gave up. */
    CANCELLED,
    /** There was an answer, but the connection ended before it had left. */
    UNDELIVERED,
    /** The engine failed on this very text. */
    ENGINE_FAILED,
    /** The engine is gone; another replica may answer. */
    ENGINE_LOST,
    /** The server is stopping; another replica may answer. */
    SHUTTING_DOWN,
    /** A defect of the server. */
    DEFECT
}
