package io.nuner.model.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.Accuracy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyBoundsTest {
    /** Figures of ADR 26: plain int8 on what is planted, and a scale a row where that suffers. */
    @ParameterizedTest
    @CsvSource({
        "tensor none,    0.00400, 0.214, 277",
        "tensor steady,  0.00412, 0.202, 277",
        "tensor offset,  0.00621, 0.258, 270",
        "tensor all,     0.02576, 0.814, 212",
        "token steady,   0.00295, 0.157, 281",
        "token context,  0.00352, 0.178, 276",
        "token all,      0.00958, 0.396, 260",
        "smooth all,     0.00683, 0.214, 274",
        "all wrong,      0.07925, 0.904, 0"
    })
    void whatOutliersRuinIsRefused(String recipe, double mean, double p999, int equal) {
        assertThat(AccuracyBounds.broken(of(sample(11_340, mean, p999, 288, equal))))
                .as(recipe)
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "token none,           0.00146, 0.068, 287",
        "token off-grid,       0.00153, 0.077, 285",
        "columns none,         0.00090, 0.043, 287",
        "columns all,          0.00101, 0.057, 288",
        "columns all 100,      0.00105, 0.059, 288",
        "columns all 20,       0.00113, 0.059, 288",
        "expected columns all, 0.00162, 0.081, 287"
    })
    void theRecipesThatAreChosenPass(String recipe, double mean, double p999, int equal) {
        assertThat(AccuracyBounds.broken(of(sample(11_340, mean, p999, 288, equal))))
                .as(recipe)
                .isEmpty();
    }

    @Test
    void theMessageNamesFigureAndBound() {
        assertThat(AccuracyBounds.broken(of(sample(5_000, 0.0079, 0.3, 288, 200))))
                .contains("on the texts that ship with this program scores differ by 0.0079 in the mean, at most 0.0030"
                        + " is allowed");
        assertThat(AccuracyBounds.broken(of(sample(5_000, 0.002, 0.3, 288, 200))))
                .contains("on the texts that ship with this program 99.9 % of the scores differ by up to 0.3000,"
                        + " at most 0.1500 is allowed");
        assertThat(AccuracyBounds.broken(of(sample(5_000, 0.002, 0.1, 200, 195))))
                .contains("on the texts that ship with this program 97.50 % of the entities that float32 decides are"
                        + " equal, at least 98.00 % is needed");
    }

    @Test
    void fewEntitiesAndFewScoresDoNotCount() {
        assertThat(AccuracyBounds.broken(of(sample(5_000, 0.002, 0.1, 99, 50)))).isEmpty();
        assertThat(AccuracyBounds.broken(of(sample(1_999, 0.2, 0.9, 99, 50)))).isEmpty();
        assertThat(AccuracyBounds.broken(of(sample(1_999, 0.2, 0.9, 100, 50)))).isPresent();
        assertThat(AccuracyBounds.broken(of(sample(2_000, 0.2, 0.9, 99, 50)))).isPresent();
    }

    @Test
    void ownTextsAreJudgedApart() {
        Accuracy.Sample good = sample(11_340, 0.001, 0.05, 288, 288);
        Accuracy.Sample bad = sample(5_000, 0.02, 0.5, 150, 100);

        assertThat(AccuracyBounds.broken(new Accuracy(good, good, false))).isEmpty();
        assertThat(AccuracyBounds.broken(new Accuracy(good, bad, false)))
                .hasValueSatisfying(
                        message -> assertThat(message).startsWith("on your own texts scores differ by 0.0200"));
    }

    private static Accuracy of(Accuracy.Sample bundled) {
        return new Accuracy(bundled, null, false);
    }

    private static Accuracy.Sample sample(long scores, double mean, double p999, int decided, int equal) {
        return new Accuracy.Sample(
                144,
                new Accuracy.Entities(decided + 30, decided + 30, equal),
                new Accuracy.Entities(decided, decided, equal),
                new Accuracy.Scores(scores, mean, p999, 1, 10),
                List.of());
    }
}
