package io.nuner.micro.rules;

import io.nuner.capacity.simulation.BatchingRule;
import io.nuner.capacity.simulation.ServerRule;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import java.util.Locale;
import java.util.Map;

/** The rules that are compared. Immutable. */
enum ComparedRule {
    /** This server's batcher. */
    NUNER,
    /** The simple batcher that it had before. */
    SIMPLE,
    /** Triton's rule without a delay: first come, first served. */
    TRITON_NO_DELAY,
    /** Triton's rule with a delay. */
    TRITON_DELAY,
    /** text-embeddings-inference's rule. */
    TEI;

    private static final int MAX_WAITING = 4096;

    BatchingRule.Maker maker(ComparedEngine curve) {
        return lanes -> switch (this) {
            case NUNER ->
                new ServerRule(
                        lanes,
                        BatchPolicy.of(curve.limits(), curve.costs(), lanes.count()),
                        new AdmissionGate.Limits(MAX_WAITING, Long.MAX_VALUE / 4, Long.MAX_VALUE / 8),
                        Map.of());
            case SIMPLE -> new DeadlineRule(lanes, curve.limits(), MAX_WAITING);
            case TRITON_NO_DELAY -> fixedDelay(lanes, curve, 0);
            case TRITON_DELAY -> fixedDelay(lanes, curve, curve.delayNanos());
            case TEI -> new TokenBudgetRule(lanes, curve.limits(), MAX_WAITING);
        };
    }

    private static BatchingRule fixedDelay(BatchingRule.Lanes lanes, ComparedEngine curve, long delayNanos) {
        return new FixedDelayRule(lanes, curve.limits(), curve.limits().maxRows(), delayNanos, MAX_WAITING);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
