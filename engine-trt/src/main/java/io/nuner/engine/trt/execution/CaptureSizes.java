package io.nuner.engine.trt.execution;

import io.nuner.engine.EncoderSize;
import io.nuner.engine.trt.profile.Profile;
import java.util.Optional;

/**
 * Which encoders are captured, and at which of few sizes. Immutable.
 *
 * <p>A captured encoder saves the launching of each kernel, which only shows where the GPU is faster than that: in small
 * batches. Those are filled up to sizes that come again: rows to a power of two, tokens by at most an eighth, needed tokens
 * to a quarter of the tokens. Larger batches run at their own size.
 *
 * @param maxTokens tokens of the largest batch that is captured; 0 captures none
 */
public record CaptureSizes(int maxTokens) {
    /** Here one H100 computes for longer than a millisecond, about what launching takes (estimate, not measured). */
    public static final int DEFAULT_MAX_TOKENS = 2048;

    private static final int SMALLEST_STEP = 8;
    private static final int STEPS = 16; // in the tokens up to the next power of two: at most 1/8 of them is padding
    private static final int QUARTERS = 4;

    public CaptureSizes {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens must be at least 0, but was " + maxTokens);
        }
    }

    /** The size at which a batch of that size is captured in a profile, or nothing if it runs at its own. */
    Optional<EncoderSize> of(EncoderSize size, Profile profile) {
        if (size.tokens() > maxTokens) {
            return Optional.empty();
        }
        int rows = Math.min(powerOfTwo(size.rows()), profile.maxRows());
        int step = Math.max(SMALLEST_STEP, powerOfTwo(size.tokens()) / STEPS);
        int tokens = Math.min(up(size.tokens(), step), profile.maxTokens());
        int quarter = (tokens + QUARTERS - 1) / QUARTERS;
        int needed = Math.min(up(size.needed(), quarter), tokens);
        return Optional.of(new EncoderSize(rows, profile.rowLength(), tokens, needed));
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast == 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }

    private static int up(int value, int step) {
        return (value + step - 1) / step * step;
    }
}
