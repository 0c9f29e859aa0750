package io.nuner.engine.testing;

import io.nuner.engine.RowLogits;

/** How far apart two results for one row are. */
public final class LogitsDistance {
    private LogitsDistance() {}

    /**
     * The largest difference of two scores of a span inside the text.
     *
     * @return {@link Float#MAX_VALUE} if a score is NaN or the shapes differ
     */
    public static float of(RowLogits one, RowLogits other) {
        if (one.words() != other.words() || one.maxWidth() != other.maxWidth() || one.labels() != other.labels()) {
            return Float.MAX_VALUE;
        }
        float largest = 0;
        for (int start = 0; start < one.words(); start++) {
            int widths = Math.min(one.maxWidth(), one.words() - start);
            for (int span = 0; span < widths * one.labels(); span++) {
                float a = one.at(start, span / one.labels(), span % one.labels());
                float b = other.at(start, span / one.labels(), span % one.labels());
                largest = Math.max(largest, Float.isNaN(a - b) ? Float.MAX_VALUE : Math.abs(a - b));
            }
        }
        return largest;
    }
}
