package io.nuner.server.rpc;

import io.nuner.server.batching.Rejection;

/**
 * Why a request is refused, in words for its caller. Immutable.
 *
 * @param reason the kind
 * @param field path of the offending field, such as {@code labels[2]}; empty if there is none
 * @param message one sentence that names the field and the limit, never the value
 */
record Refusal(Rejection reason, String field, String message) {
    /** A field breaks a rule; the message is the field's path followed by the rule. */
    static Refusal invalid(String field, String rule) {
        return new Refusal(Rejection.INVALID, field, field + " " + rule);
    }

    /** A refusal that has nothing to do with a field. */
    static Refusal of(Rejection reason) {
        return new Refusal(reason, "", RejectionStatus.sentence(reason));
    }
}
