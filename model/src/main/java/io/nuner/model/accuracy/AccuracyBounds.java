package io.nuner.model.accuracy;

import io.nuner.model.Accuracy;
import java.util.Locale;
import java.util.Optional;

/**
 * How much a rounded export may differ from float32. A figure counts only where there is enough to take it from: a model may
 * find few entities in the texts that ship. Why these numbers: {@code docs/adr/0027-accuracy-gate.md}.
 */
public final class AccuracyBounds {
    /** Mean difference of the scores. */
    public static final double MOST_MEAN = 0.003;

    /** The difference that 99.9 % of the scores do not exceed. */
    public static final double MOST_P999 = 0.15;

    /** Share of equal entities among those that float32 decides. */
    public static final double LEAST_AGREEMENT = 0.98;

    /** With fewer scores their differences do not count. */
    public static final int ENOUGH_SCORES = 2_000;

    /** With fewer entities that float32 decides their agreement does not count. */
    public static final int ENOUGH_ENTITIES = 100;

    private AccuracyBounds() {}

    /** The first bound that is broken: the figure and what is allowed, in words. */
    public static Optional<String> broken(Accuracy accuracy) {
        return broken("the texts that ship with this program", accuracy.bundled())
                .or(() -> Optional.ofNullable(accuracy.own()).flatMap(own -> broken("your own texts", own)));
    }

    private static Optional<String> broken(String texts, Accuracy.Sample sample) {
        Accuracy.Scores scores = sample.scores();
        double agreement = sample.decided().agreement();
        if (scores.count() >= ENOUGH_SCORES && scores.mean() > MOST_MEAN) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "on %s scores differ by %.4f in the mean, at most %.4f is allowed",
                    texts,
                    scores.mean(),
                    MOST_MEAN));
        }
        if (scores.count() >= ENOUGH_SCORES && scores.p999() > MOST_P999) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "on %s 99.9 %% of the scores differ by up to %.4f, at most %.4f is allowed",
                    texts,
                    scores.p999(),
                    MOST_P999));
        }
        if (sample.decided().exact() >= ENOUGH_ENTITIES && agreement < LEAST_AGREEMENT) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "on %s %.2f %% of the entities that float32 decides are equal, at least %.2f %% is needed",
                    texts,
                    100 * agreement,
                    100 * LEAST_AGREEMENT));
        }
        return Optional.empty();
    }
}
