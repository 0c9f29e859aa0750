package io.nuner.engine.trt.typing;

import io.nuner.engine.RowLogits;
import java.util.ArrayList;
import java.util.List;

/** A span inside a text, a label, and how probable a result holds it. Immutable. */
record ScoredSpan(int start, int last, int label, double probability) {
    static List<ScoredSpan> of(RowLogits logits) {
        List<ScoredSpan> spans = new ArrayList<>();
        int perWord = logits.maxWidth() * logits.labels();
        for (int i = 0; i < logits.words() * perWord; i++) {
            int start = i / perWord;
            int width = i % perWord / logits.labels();
            int label = i % logits.labels();
            if (start + width < logits.words()) {
                double probability = 1 / (1 + Math.exp(-logits.at(start, width, label)));
                spans.add(new ScoredSpan(start, start + width, label, probability));
            }
        }
        return spans;
    }

    boolean overlaps(ScoredSpan other) {
        return start <= other.last && other.start <= last;
    }

    double distance(ScoredSpan other) {
        return Math.abs(probability - other.probability);
    }
}
