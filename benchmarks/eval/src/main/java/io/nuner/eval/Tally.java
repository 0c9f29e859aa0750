package io.nuner.eval;

import io.nuner.eval.Counts.Score;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what is right and wrong, by label. One thread at a time. */
public final class Tally {
    private final SortedMap<String, Counts> byLabel = new TreeMap<>();

    Tally(Collection<String> labels) {
        labels.forEach(label -> byLabel.put(label, Counts.NONE));
    }

    /** Adds the gold standard of one text and what was found in it. */
    <T extends Labelled> void add(Set<T> gold, Set<T> found) {
        for (T one : gold) {
            add(one.label(), found.contains(one) ? new Counts(1, 0, 0) : new Counts(0, 0, 1));
        }
        for (T one : found) {
            if (!gold.contains(one)) {
                add(one.label(), new Counts(0, 1, 0));
            }
        }
    }

    private void add(String label, Counts counts) {
        byLabel.merge(label, counts, Counts::plus);
    }

    /** The counts of each label, sorted by label; a view. */
    public SortedMap<String, Counts> byLabel() {
        return Collections.unmodifiableSortedMap(byLabel);
    }

    /** The counts of all labels together. */
    public Counts micro() {
        return byLabel.values().stream().reduce(Counts.NONE, Counts::plus);
    }

    /** The mean over those labels that are in the gold standard or were found; 0 if there are none. */
    public Score macro() {
        List<Score> scores = byLabel.values().stream()
                .filter(counts -> !counts.isEmpty())
                .map(Counts::score)
                .toList();
        double count = Math.max(1, scores.size());
        return new Score(
                scores.stream().mapToDouble(Score::precision).sum() / count,
                scores.stream().mapToDouble(Score::recall).sum() / count,
                scores.stream().mapToDouble(Score::f1).sum() / count);
    }
}
