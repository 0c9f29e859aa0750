package io.nuner.model.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.RowLogits;
import io.nuner.model.Accuracy;
import io.nuner.model.decode.Merging;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Scores of single words with two labels, in percent: 2 to 98. */
class AnswerComparisonTest {
    private static final Words FOUR = WordSplitter.split("Ada Lovelace met Tuan");

    private final AnswerComparison comparison = new AnswerComparison(Merging.ADJACENT);

    @Test
    void equalAnswersAgree() {
        comparison.add(FOUR, scores(98, 2, 90, 2, 2, 2, 98, 2), scores(97, 2, 91, 2, 2, 2, 98, 2));

        Accuracy.Sample total = comparison.total();
        assertThat(total.texts()).isEqualTo(1);
        assertThat(total.entities()).isEqualTo(new Accuracy.Entities(2, 2, 2));
        assertThat(total.decided()).isEqualTo(total.entities());
        assertThat(total.entities().agreement()).isEqualTo(1);
        assertThat(total.scores().count()).isEqualTo(8);
        assertThat(total.scores().max()).isEqualTo(0.01);
        assertThat(total.scores().mean()).isEqualTo(0.0025);
        assertThat(total.scores().flips()).isZero();
    }

    @Test
    void anEntityWithOtherWordsOrAnotherLabelIsAnother() {
        comparison.add(FOUR, scores(98, 2, 90, 2, 2, 2, 98, 2), scores(98, 2, 40, 2, 2, 2, 2, 98));

        Accuracy.Sample total = comparison.total();
        assertThat(total.entities()).isEqualTo(new Accuracy.Entities(2, 2, 0));
        assertThat(total.scores().flips()).isEqualTo(3);
    }

    @Test
    void whatFloat32DoesNotDecideCountsApart() {
        comparison.add(FOUR, scores(98, 2, 2, 2, 2, 2, 53, 2), scores(98, 2, 2, 2, 2, 2, 49, 2));

        Accuracy.Sample total = comparison.total();
        assertThat(total.entities()).isEqualTo(new Accuracy.Entities(2, 1, 1));
        assertThat(total.decided()).isEqualTo(new Accuracy.Entities(1, 1, 1));
    }

    @Test
    void anUndecidedNeighbourMakesAnEntityUndecided() {
        comparison.add(FOUR, scores(98, 2, 47, 2, 2, 2, 2, 2), scores(98, 2, 52, 2, 2, 2, 2, 2));

        Accuracy.Sample total = comparison.total();
        assertThat(total.entities()).isEqualTo(new Accuracy.Entities(1, 1, 0));
        assertThat(total.decided()).isEqualTo(new Accuracy.Entities(0, 0, 0));
        assertThat(total.decided().agreement()).isEqualTo(1);
    }

    @Test
    void twoLabelsOfLikeScoreAreUndecided() {
        comparison.add(FOUR, scores(92, 90, 2, 2, 2, 2, 2, 2), scores(92, 93, 2, 2, 2, 2, 2, 2));

        Accuracy.Sample total = comparison.total();
        assertThat(total.entities()).isEqualTo(new Accuracy.Entities(1, 1, 0));
        assertThat(total.decided()).isEqualTo(new Accuracy.Entities(0, 0, 0));
    }

    /** Spans of one and two words: "Ada", "Ada Lovelace", "Lovelace". */
    @Test
    void spansThatCompeteForAWordAreUndecidedIfTheirScoresAreAlike() {
        Words two = WordSplitter.split("Ada Lovelace");
        AnswerComparison wide = new AnswerComparison(Merging.NONE);
        wide.add(two, spans(90, 93, 2), spans(93, 90, 2));
        assertThat(wide.total().entities()).isEqualTo(new Accuracy.Entities(1, 1, 0));
        assertThat(wide.total().decided()).isEqualTo(new Accuracy.Entities(0, 0, 0));

        wide.add(two, spans(60, 93, 2), spans(60, 90, 2));
        assertThat(wide.total().entities()).isEqualTo(new Accuracy.Entities(2, 2, 1));
        assertThat(wide.total().decided()).isEqualTo(new Accuracy.Entities(1, 1, 1));
        assertThat(wide.total().scores().count()).isEqualTo(6);
    }

    @Test
    void textsAreCountedByTheirNumberOfLabels() {
        Words one = WordSplitter.split("Ada");
        for (int labels : new int[] {1, 2, 5, 6, 15, 16, 40}) {
            float[] logits = new float[labels];
            Arrays.fill(logits, -4);
            logits[0] = 4;
            RowLogits row = RowLogits.wrap(1, 1, labels, logits);
            comparison.add(one, row, row);
        }

        assertThat(comparison.total().byLabels())
                .containsExactly(
                        new Accuracy.LabelCount(1, 1, 1, new Accuracy.Entities(1, 1, 1)),
                        new Accuracy.LabelCount(2, 5, 2, new Accuracy.Entities(2, 2, 2)),
                        new Accuracy.LabelCount(6, 15, 2, new Accuracy.Entities(2, 2, 2)),
                        new Accuracy.LabelCount(16, Integer.MAX_VALUE, 2, new Accuracy.Entities(2, 2, 2)));
    }

    private static RowLogits scores(int... percents) {
        return RowLogits.wrap(percents.length / 2, 1, 2, logits(percents));
    }

    private static RowLogits spans(int first, int both, int second) {
        float[] logits = logits(first, both, second, 50);
        logits[3] = Float.NaN; // runs past the text
        return RowLogits.wrap(2, 2, 1, logits);
    }

    private static float[] logits(int... percents) {
        float[] logits = new float[percents.length];
        for (int i = 0; i < logits.length; i++) {
            double score = percents[i] / 100.0;
            logits[i] = (float) Math.log(score / (1 - score));
        }
        return logits;
    }
}
