package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.window.Window;
import java.util.List;

/**
 * The scores that a window gives to its own words, those of all groups of labels side by side. Words are counted in the whole
 * text. Immutable.
 */
final class Scores {
    private final RowLogits[] groups;
    private final int first;
    private final int end;
    private final int ownFrom;
    private final int ownTo;

    private Scores(RowLogits[] groups, int first, int ownFrom, int ownTo) {
        this.groups = groups;
        this.first = first;
        this.ownFrom = ownFrom;
        this.ownTo = ownTo;
        end = first + groups[0].words();
    }

    /** Those of a text in one row. */
    static Scores ofWhole(RowLogits logits) {
        return new Scores(new RowLogits[] {logits}, 0, 0, logits.words());
    }

    /**
     * Those of a window.
     *
     * @throws IllegalArgumentException if these are not the scores of its rows
     */
    static Scores of(Window window, List<RowLogits> logits) {
        if (logits.size() != window.rows().size()) {
            throw new IllegalArgumentException(
                    "scores of " + logits.size() + " rows for " + window.rows().size());
        }
        for (RowLogits group : logits) {
            requireWords(group, window.to() - window.from());
        }
        return new Scores(logits.toArray(new RowLogits[0]), window.from(), window.ownFrom(), window.ownTo());
    }

    static void requireWords(RowLogits logits, int words) {
        if (logits.words() != words) {
            throw new IllegalArgumentException(
                    "scores of " + logits.words() + " words for a text of " + words + " words");
        }
    }

    /** The first word that takes its scores from here. */
    int ownFrom() {
        return ownFrom;
    }

    /** Behind the last such word. */
    int ownTo() {
        return ownTo;
    }

    /** Behind the last word of the window: no span runs past it. */
    int end() {
        return end;
    }

    int labels() {
        int labels = 0;
        for (RowLogits group : groups) {
            labels += group.labels();
        }
        return labels;
    }

    boolean isOfWidth(int maxWidth) {
        for (RowLogits group : groups) {
            if (group.maxWidth() != maxWidth) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a span has a logit above that one with any label.
     *
     * @param start the first word of the spans
     * @param widths how many spans start there
     */
    boolean hasAbove(float logit, int start, int widths) {
        for (RowLogits group : groups) {
            if (group.nextAbove(logit, start - first, 0, widths * group.labels()) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The next label with which a span has a logit above that one; -1 if there is none.
     *
     * @param start its first word
     * @param width its words minus one
     * @param from the first label looked at
     */
    int nextAbove(float logit, int start, int width, int from) {
        int before = 0;
        for (RowLogits group : groups) {
            int labels = group.labels();
            if (from < before + labels) {
                int span = width * labels;
                int next = group.nextAbove(logit, start - first, span + Math.max(0, from - before), span + labels);
                if (next >= 0) {
                    return before + next - span;
                }
            }
            before += labels;
        }
        return -1;
    }

    /** The logit of a span and a label. */
    float at(int start, int width, int label) {
        int group = 0;
        int before = 0;
        while (label - before >= groups[group].labels()) {
            before += groups[group].labels();
            group++;
        }
        return groups[group].at(start - first, width, label - before);
    }

    /** Sets for each label the probability of a span if it passes the label's threshold, else -1. */
    void probabilities(int start, int width, Thresholds thresholds, float[] probabilities) {
        int label = 0;
        for (RowLogits group : groups) {
            for (int i = 0; i < group.labels(); i++) {
                probabilities[label] = thresholds.passing(label, group.at(start - first, width, i));
                label++;
            }
        }
    }
}
