package io.nuner.server.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A lane that remembers what it was given and runs nothing. One thread at a time. */
class FakeLane implements Lane {
    final List<List<PendingRequest>> batches = new ArrayList<>();
    private final Batch batch;
    private final Consumer<Batch> onStart;

    FakeLane(int maxRows) {
        this(maxRows, started -> {});
    }

    FakeLane(int maxRows, Consumer<Batch> onStart) {
        batch = new Batch(maxRows);
        this.onStart = onStart;
    }

    @Override
    public Batch batch() {
        return batch;
    }

    @Override
    public void start() {
        List<PendingRequest> rows = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            rows.add(batch.get(row));
        }
        batches.add(rows);
        onStart.accept(batch);
    }
}
