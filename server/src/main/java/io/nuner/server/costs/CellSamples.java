package io.nuner.server.costs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The runs of one shape so far. One thread at a time. */
final class CellSamples {
    private final BatchShape shape;
    private final List<Long> nanos = new ArrayList<>();

    CellSamples(BatchShape shape) {
        this.shape = shape;
    }

    BatchShape shape() {
        return shape;
    }

    void add(long runNanos) {
        nanos.add(runNanos);
        Collections.sort(nanos);
    }

    /** The median, of two the shorter: what disturbs a run makes it longer. Needs a sample. */
    MeasuredBatch cell() {
        return new MeasuredBatch(shape, nanos.get((nanos.size() - 1) / 2));
    }
}
