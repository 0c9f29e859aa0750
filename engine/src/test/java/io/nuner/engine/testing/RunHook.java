package io.nuner.engine.testing;

import io.nuner.engine.EngineException;
import io.nuner.engine.PackedBatch;

/** Called on the lane's thread at the start of each run of a {@link FakeEngine}: may wait, throw or only watch. */
@FunctionalInterface
public interface RunHook {
    /** Before the batch is scored; what it throws, the run throws. */
    void beforeRun(PackedBatch batch) throws EngineException;

    /** A hook that does nothing. */
    static RunHook none() {
        return batch -> {};
    }
}
