package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Texts in flight and their tokens, of the whole server or of one tenant. Any thread. */
final class Held {
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
