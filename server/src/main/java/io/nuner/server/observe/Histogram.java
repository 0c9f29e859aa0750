package io.nuner.server.observe;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts values by size. Any thread; recording is two atomic additions and allocates nothing.
 *
 * <p>A reader may see a value in its bucket before it is in the sum.
 */
final class Histogram {
    private final Buckets buckets;
    private final Labels labels;
    private final AtomicLongArray counts;
    private final AtomicLong sum = new AtomicLong();

    Histogram(Buckets buckets, Labels labels) {
        this.buckets = buckets;
        this.labels = labels;
        counts = new AtomicLongArray(buckets.size());
    }

    /** Counts a value, in the buckets' unit. */
    void record(long value) {
        counts.getAndIncrement(buckets.place(value));
        sum.getAndAdd(value);
    }

    HistogramDataPointSnapshot read() {
        long[] read = new long[counts.length()];
        for (int place = 0; place < read.length; place++) {
            read[place] = counts.get(place);
        }
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.shown(read))
                .sum(buckets.shown(sum.get()))
                .labels(labels)
                .build();
    }
}
