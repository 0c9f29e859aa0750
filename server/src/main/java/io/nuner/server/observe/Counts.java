package io.nuner.server.observe;

import io.micrometer.core.instrument.Counter;
import java.util.Map;

/**
 * Counters told apart by a label. Any thread; counting allocates nothing.
 *
 * @param <R> the values of the label
 */
public final class Counts<R extends Enum<R>> {
    private final Map<R, Counter> counters;

    /** Wraps a counter for each value. */
    Counts(Map<R, Counter> counters) {
        this.counters = counters;
    }

    /** Counts one or more. */
    public void add(R value, int count) {
        Counter counter = counters.get(value);
        if (counter != null) { // always: there is one for each value
            counter.increment(count);
        }
    }
}
