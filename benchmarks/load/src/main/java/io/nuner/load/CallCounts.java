package io.nuner.load;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls by what became of them. Once a run has ended, {@code sent == finished + hung}. Immutable.
 *
 * @param hung calls without an end when waiting for them was given up
 * @param good calls answered within their deadline
 * @param statuses finished calls by gRPC status
 */
public record CallCounts(long sent, long finished, long hung, long good, Map<String, Long> statuses) {
    public CallCounts {
        statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
    }

    /** Calls of one status. */
    public long of(String status) {
        return statuses.getOrDefault(status, 0L);
    }
}
