package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Texts in flight and their tokens, of the whole server or of one tenant, by urgency. Any thread. */
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

    /** Of one urgency. Any thread. */
    static final class Held {
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicLong tokens = new AtomicLong();

        int requests() {
            return requests.get();
        }

        long tokens() {
            return tokens.get();
        }

        void addRequest() {
            requests.incrementAndGet();
        }

        void removeRequest() {
            requests.decrementAndGet();
        }

        void addTokens(long count) {
            tokens.addAndGet(count);
        }
    }
}
