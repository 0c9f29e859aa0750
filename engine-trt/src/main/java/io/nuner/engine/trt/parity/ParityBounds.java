package io.nuner.engine.trt.parity;

import io.nuner.engine.Precision;

/**
 * How far scores may be from the reference's. Immutable.
 *
 * <p>Half precision moves scores by about 1e-3 (DeBERTa-v2-xlarge: 1.2e-3 at most, logits 6e-3). The margin is twenty times
 * that, so a span outside it that only one engine finds is no rounding but an error; and no single score may move by more
 * than two and a half margins, wherever it lies. bfloat16 has three bits less, eight times the rounding; its bounds are
 * wider for that, but only by two and a half, since beyond that its answers are no longer the model's.
 *
 * @param margin a span that only one engine finds does not count if its score is this close to 0.5 in both
 * @param maxDifference largest difference of any two scores
 */
public record ParityBounds(double margin, double maxDifference) {
    private static final ParityBounds HALF = new ParityBounds(0.02, 0.05);
    private static final ParityBounds BRAIN = new ParityBounds(0.05, 0.125);

    /** The bounds of a precision. */
    public static ParityBounds of(Precision precision) {
        return switch (precision) {
            case FP16 -> HALF;
            case BF16 -> BRAIN;
        };
    }
}
