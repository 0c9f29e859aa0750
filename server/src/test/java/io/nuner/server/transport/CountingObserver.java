package io.nuner.server.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what it hears. Any thread. */
final class CountingObserver implements TransportObserver {
    private final Map<Enum<?>, Integer> counts = new ConcurrentHashMap<>();

    @Override
    public void cut(Cut reason) {
        counts.merge(reason, 1, Integer::sum);
    }

    @Override
    public void refused(Early reason) {
        counts.merge(reason, 1, Integer::sum);
    }

    int count(Enum<?> reason) {
        return counts.getOrDefault(reason, 0);
    }
}
