package io.nuner.cli.model;

import io.nuner.model.Accuracy;
import io.nuner.model.accuracy.AccuracyBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured of rounded weights, for humans. */
public final class AccuracyTable {
    private AccuracyTable() {}

    /** All figures: of the texts that ship, and of the user's own if there were some. */
    static List<String> lines(Accuracy accuracy) {
        List<String> lines = new ArrayList<>();
        add(lines, "texts that ship with this program", accuracy.bundled());
        if (accuracy.own() != null) {
            add(lines, "texts of your own", accuracy.own());
        }
        if (accuracy.lossAccepted()) {
            lines.add("This is beyond the bounds, and was accepted by --accept-loss.");
        }
        return lines;
    }

    /** One line for a log. */
    public static String summary(Accuracy accuracy) {
        Accuracy.Sample sample = accuracy.own() == null ? accuracy.bundled() : accuracy.own();
        return String.format(
                Locale.ROOT,
                "int8 beside float32 on %d texts%s: %.2f %% of %d decided entities agree; scores differ by %.4f in the"
                        + " mean, 99.9 %% of them by up to %.4f%s",
                sample.texts(),
                accuracy.own() == null ? "" : " of whoever exported it",
                100 * sample.decided().agreement(),
                sample.decided().exact(),
                sample.scores().mean(),
                sample.scores().p999(),
                accuracy.lossAccepted()
                        ? "; accepted by --accept-loss"
                                + AccuracyBounds.broken(accuracy)
                                        .map(why -> ": " + why)
                                        .orElse("")
                        : "");
    }

    private static void add(List<String> lines, String texts, Accuracy.Sample sample) {
        Accuracy.Scores scores = sample.scores();
        lines.add(String.format(Locale.ROOT, "int8 beside float32 on %d %s:", sample.texts(), texts));
        lines.add(String.format(
                Locale.ROOT, "  %-32s %8s %8s %8s %10s", "entities", "float32", "int8", "both", "agreement"));
        lines.add(row("all", sample.entities()));
        lines.add(row("decided by float32", sample.decided()));
        for (Accuracy.LabelCount count : sample.byLabels()) {
            lines.add(row(
                    String.format(Locale.ROOT, "%d texts with %s", count.texts(), labels(count)), count.entities()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "  %d scores differ by %.4f in the mean, 99.9 %% of them by up to %.4f, the worst by %.4f;",
                scores.count(),
                scores.mean(),
                scores.p999(),
                scores.max()));
        lines.add(String.format(Locale.ROOT, "  %d are above 0.5 on one side only.", scores.flips()));
    }

    private static String labels(Accuracy.LabelCount count) {
        if (count.most() == Integer.MAX_VALUE) {
            return count.fewest() + " labels or more";
        }
        return count.most() == 1 ? "1 label" : count.fewest() + " to " + count.most() + " labels";
    }

    private static String row(String name, Accuracy.Entities entities) {
        return String.format(
                Locale.ROOT,
                "  %-32s %8d %8d %8d %8.2f %%",
                name,
                entities.exact(),
                entities.rounded(),
                entities.equal(),
                100 * entities.agreement());
    }
}
