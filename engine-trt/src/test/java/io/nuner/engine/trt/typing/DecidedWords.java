package io.nuner.engine.trt.typing;

import io.nuner.engine.RowLogits;
import java.util.BitSet;
import java.util.List;

/**
 * The words of a text whose entities do not change as long as no probability changes by half a margin: neither they nor the
 * words that share a span with them, directly or through others, have a span that near to the threshold, or two overlapping
 * ones above it that near to each other.
 */
final class DecidedWords {
    private final List<ScoredSpan> candidates;
    private final double threshold;
    private final double margin;
    private final BitSet open;

    private DecidedWords(RowLogits logits, double threshold, double margin) {
        this.threshold = threshold;
        this.margin = margin;
        open = new BitSet(logits.words());
        candidates = ScoredSpan.of(logits).stream()
                .filter(span -> span.probability() > threshold - margin)
                .toList();
    }

    static BitSet of(RowLogits logits, double threshold, double margin) {
        DecidedWords words = new DecidedWords(logits, threshold, margin);
        words.findOpen();
        words.spread();
        BitSet decided = new BitSet(logits.words());
        decided.set(0, logits.words());
        decided.andNot(words.open);
        return decided;
    }

    private void findOpen() {
        for (ScoredSpan span : candidates) {
            boolean nearThreshold = span.probability() < threshold + margin;
            boolean nearRival = candidates.stream()
                    .anyMatch(other -> !other.equals(span) && other.overlaps(span) && other.distance(span) < margin);
            if (nearThreshold || nearRival) {
                open.set(span.start(), span.last() + 1);
            }
        }
    }

    private void spread() {
        int before = -1;
        while (before != open.cardinality()) {
            before = open.cardinality();
            for (ScoredSpan span : candidates) {
                int first = open.nextSetBit(span.start());
                if (first >= 0 && first <= span.last()) {
                    open.set(span.start(), span.last() + 1);
                }
            }
        }
    }
}
