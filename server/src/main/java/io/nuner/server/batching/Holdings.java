package io.nuner.server.batching;

/** Texts in flight and their tokens, by urgency. Any thread. */
final class Holdings {
    private final Held interactive = new Held();
    private final Held bulk = new Held();

    Held of(Urgency urgency) {
        return urgency == Urgency.BULK ? bulk : interactive;
    }

    int requests() {
        return interactive.requests() + bulk.requests();
    }

    long tokens() {
        return interactive.tokens() + bulk.tokens();
    }

    /** Tokens of what goes before a text of that urgency. */
    long tokensBefore(Urgency urgency) {
        return urgency == Urgency.BULK ? tokens() : interactive.tokens();
    }
}
