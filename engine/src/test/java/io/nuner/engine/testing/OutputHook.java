package io.nuner.engine.testing;

import io.nuner.engine.EngineException;
import io.nuner.engine.Logits;

/** Called on the lane's thread at the end of each run of a {@link FakeEngine}: may spoil what the lane returns. */
@FunctionalInterface
public interface OutputHook {
    /** What the run returns instead; what it throws, the run throws. */
    Logits afterRun(Logits logits) throws EngineException;

    /** A hook that changes nothing. */
    static OutputHook none() {
        return logits -> logits;
    }
}
