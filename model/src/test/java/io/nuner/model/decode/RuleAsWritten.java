package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The decoding rule of gliner 0.1.12 and the rules of merging, sentence by sentence and without any haste. */
final class RuleAsWritten {
    /** Unicode's category Zs. */
    private static final String SPACES =
            " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000";

    private final DecodeOptions options;
    private final LabelSet labels;
    private final long maxBytes;

    private RuleAsWritten(DecodeOptions options, LabelSet labels, long maxBytes) {
        this.options = options;
        this.labels = labels;
        this.maxBytes = maxBytes;
    }

    static List<EntitySpan> decode(RowLogits logits, Words words, DecodeOptions options) {
        LabelSet labels = LabelSet.ofNames(
                IntStream.range(0, logits.labels()).mapToObj(Integer::toString).toList());
        return decode(logits, words, options, labels, Long.MAX_VALUE);
    }

    /**
     * The entities.
     *
     * @param logits of the whole text; NaN where there is no score
     * @param maxBytes of a joined entity
     */
    static List<EntitySpan> decode(
            RowLogits logits, Words words, DecodeOptions options, LabelSet labels, long maxBytes) {
        return new RuleAsWritten(options, labels, maxBytes).decode(logits, words);
    }

    private List<EntitySpan> decode(RowLogits logits, Words words) {
        List<Candidate> sorted = new ArrayList<>(candidates(logits));
        sorted.sort(Comparator.comparingDouble(Candidate::probability).reversed());
        List<Candidate> kept = new ArrayList<>();
        for (Candidate candidate : sorted) {
            if (kept.stream().noneMatch(other -> conflict(candidate, other))) {
                kept.add(candidate);
            }
        }
        kept.sort(Comparator.comparingInt(Candidate::start));
        List<EntitySpan> entities = kept.stream()
                .map(span -> new EntitySpan(
                        words.start(span.start()), words.end(span.last()), span.label(), span.probability()))
                .toList();
        return merge(entities, words.text());
    }

    private List<Candidate> candidates(RowLogits logits) {
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
                .filter(candidate -> candidate.probability() > labels.threshold(candidate.label(), options.threshold()))
                .toList();
    }

    private boolean conflict(Candidate one, Candidate other) {
        if (one.start() == other.start() && one.last() == other.last()) {
            return !options.multiLabel() || name(one.label()).equals(name(other.label()));
        }
        boolean disjoint = one.start() > other.last() || other.start() > one.last();
        boolean nested = one.within(other) || other.within(one);
        return !disjoint && (options.flatNer() || !nested);
    }

    /** Chains of the one list, or of the list of each name alone; each chain is an entity, in the order of the first parts. */
    private List<EntitySpan> merge(List<EntitySpan> entities, String text) {
        Map<String, List<List<Integer>>> chains = new HashMap<>();
        for (int place = 0; place < entities.size(); place++) {
            EntitySpan next = entities.get(place);
            List<List<Integer>> list =
                    chains.computeIfAbsent(options.multiLabel() ? name(next.label()) : "", name -> new ArrayList<>());
            List<Integer> current = list.isEmpty() ? List.of() : list.get(list.size() - 1);
            EntitySpan last = current.isEmpty() ? next : entities.get(current.get(current.size() - 1));
            EntitySpan first = current.isEmpty() ? next : entities.get(current.get(0));
            if (!current.isEmpty()
                    && name(last.label()).equals(name(next.label()))
                    && isNear(last, next, text, options.merging())
                    && bytes(text, first.start(), next.end()) <= maxBytes) {
                current.add(place);
            } else {
                list.add(new ArrayList<>(List.of(place)));
            }
        }
        return chains.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(chain -> chain.get(0)))
                .map(chain -> joined(entities.get(chain.get(0)), entities.get(chain.get(chain.size() - 1))))
                .toList();
    }

    private String name(int label) {
        return labels.name(label);
    }

    private static long bytes(String text, int from, int to) {
        return text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
    }

    private static EntitySpan joined(EntitySpan first, EntitySpan last) {
        return new EntitySpan(first.start(), last.end(), first.label(), first.score());
    }

    private static boolean isNear(EntitySpan last, EntitySpan next, String text, Merging merging) {
        if (merging == Merging.NONE || next.start() < last.end()) {
            return false;
        }
        String between = text.substring(last.end(), next.start());
        boolean single = between.codePointCount(0, between.length()) == 1;
        return between.isEmpty() || (single && (merging == Merging.ADJACENT || SPACES.contains(between)));
    }

    private record Candidate(int start, int last, int label, float probability) {
        boolean within(Candidate other) {
            return start >= other.start && last <= other.last;
        }
    }
}
