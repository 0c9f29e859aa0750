package io.nuner.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How close the answers of a model with rounded weights come to its answers in float32, as its manifest has it. Immutable.
 *
 * @param bundled on the texts that ship with this program
 * @param own on the user's own texts; null if there were none
 * @param lossAccepted a difference is above its bound, and whoever exported the model accepted that
 */
public record Accuracy(Sample bundled, @Nullable Sample own, boolean lossAccepted) {
    public Accuracy {
        Objects.requireNonNull(bundled); // JSON may lack it
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("accuracy: " + problem);
        }
    }

    /**
     * The differences on some texts, each asked with labels of its own. Immutable.
     *
     * @param texts how many
     * @param entities all that are found
     * @param decided those of words that float32 decides by a margin, and the words beside them, too
     * @param scores of all spans and labels
     * @param byLabels the entities by the number of labels that are asked for at once; without numbers that no text has
     */
    public record Sample(int texts, Entities entities, Entities decided, Scores scores, List<LabelCount> byLabels) {
        public Sample {
            require(texts >= 0, "texts is negative");
            Objects.requireNonNull(entities);
            Objects.requireNonNull(decided);
            Objects.requireNonNull(scores);
            byLabels = List.copyOf(byLabels);
        }
    }

    /**
     * Entities, which are equal if start, end and label are. Immutable.
     *
     * @param exact that float32 finds
     * @param rounded that the rounded weights find
     * @param equal that both find
     */
    public record Entities(int exact, int rounded, int equal) {
        public Entities {
            require(equal >= 0 && equal <= Math.min(exact, rounded), "more entities are equal than there are");
        }

        /** Twice the equal ones over those of both, 0 to 1; 1 if there are none. */
        public double agreement() {
            return exact + rounded == 0 ? 1 : 2.0 * equal / ((double) exact + rounded);
        }
    }

    /**
     * Differences of scores, which are probabilities. Immutable.
     *
     * @param count how many scores were compared
     * @param mean difference
     * @param p999 99.9 % of the differences are no larger; up to 0.0001 more than the smallest such number
     * @param max largest difference
     * @param flips scores that are above 0.5 on one side only
     */
    public record Scores(long count, double mean, double p999, double max, long flips) {
        public Scores {
            require(flips >= 0 && flips <= count, "more scores flip than there are");
            require(
                    mean >= 0 && mean <= max && p999 >= 0 && p999 <= max && max <= 1,
                    "no differences of probabilities");
        }
    }

    /**
     * The texts with so many labels. Immutable.
     *
     * @param fewest labels
     * @param most labels; {@link Integer#MAX_VALUE} for any number
     * @param texts how many
     * @param entities that are found in them
     */
    public record LabelCount(int fewest, int most, int texts, Entities entities) {
        public LabelCount {
            require(fewest >= 1 && fewest <= most && texts >= 0, "no number of labels");
            Objects.requireNonNull(entities);
        }
    }
}
