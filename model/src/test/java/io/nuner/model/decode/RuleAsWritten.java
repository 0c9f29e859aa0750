package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The decoding rule of gliner 0.1.12 and the model card's merge, sentence by sentence and without any haste. */
final class RuleAsWritten {
    private RuleAsWritten() {}

    static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options) {
        List<Candidate> sorted = new ArrayList<>(candidates(logits, options.threshold()));
        sorted.sort(Comparator.comparingDouble(Candidate::probability).reversed());
        List<Candidate> kept = new ArrayList<>();
        for (Candidate candidate : sorted) {
            if (kept.stream().noneMatch(other -> conflict(candidate, other, options))) {
                kept.add(candidate);
            }
        }
        kept.sort(Comparator.comparingInt(Candidate::start));
        List<EntitySpan> entities = kept.stream()
                .map(span -> new EntitySpan(
                        words.start(span.start()), words.end(span.last()), span.label(), span.probability()))
                .toList();
        return options.mergeAdjacent() ? merge(entities, words.text()) : entities;
    }

    private static List<Candidate> candidates(RowLogits logits, float threshold) {
        List<Candidate> candidates = new ArrayList<>();
        for (int start = 0; start < logits.words(); start++) {
            for (int width = 0; width < logits.maxWidth() && start + width < logits.words(); width++) {
                for (int label = 0; label < logits.labels(); label++) {
                    float probability = 1f / (1f + (float) Math.exp(-logits.at(start, width, label)));
                    candidates.add(new Candidate(start, start + width, label, probability));
                }
            }
        }
        return candidates.stream()
                .filter(candidate -> candidate.probability() > threshold)
                .toList();
    }

    private static boolean conflict(Candidate one, Candidate other, DecodeOptions options) {
        if (one.start() == other.start() && one.last() == other.last()) {
            return !options.multiLabel();
        }
        boolean disjoint = one.start() > other.last() || other.start() > one.last();
        boolean nested = one.within(other) || other.within(one);
        return !disjoint && (options.flatNer() || !nested);
    }

    private static List<EntitySpan> merge(List<EntitySpan> entities, String text) {
        List<EntitySpan> merged = new ArrayList<>();
        for (EntitySpan next : entities) {
            EntitySpan current = merged.isEmpty() ? next : merged.get(merged.size() - 1);
            int gap = text.codePointCount(0, next.start()) - text.codePointCount(0, current.end());
            if (!merged.isEmpty() && next.label() == current.label() && (gap == 0 || gap == 1)) {
                merged.remove(merged.size() - 1);
                merged.add(new EntitySpan(current.start(), next.end(), current.label(), current.score()));
            } else {
                merged.add(next);
            }
        }
        return merged;
    }

    private record Candidate(int start, int last, int label, float probability) {
        boolean within(Candidate other) {
            return start >= other.start && last <= other.last;
        }
    }
}
