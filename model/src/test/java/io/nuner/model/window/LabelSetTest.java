package io.nuner.model.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.window.LabelSet.Label;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LabelSetTest {
    private static final Label DOCTOR = new Label("person", "medical doctor", OptionalDouble.of(0.7));
    private static final Label DRUG = new Label("drug", "medicine", OptionalDouble.empty());
    private static final Label NURSE = new Label("person", "nurse", OptionalDouble.empty());

    @Test
    void labelsOfOneNameShareItsNumber() {
        LabelSet labels = LabelSet.of(List.of(DOCTOR, DRUG, NURSE));

        assertThat(labels.nameNumber(0)).isEqualTo(labels.nameNumber(2)).isNotEqualTo(labels.nameNumber(1));
        assertThat(labels.name(2)).isEqualTo("person");
        assertThat(labels.prompts()).containsExactly("medical doctor", "medicine", "nurse");
    }

    @Test
    void aLabelsOwnThresholdComesFirst() {
        LabelSet labels = LabelSet.of(List.of(DOCTOR, DRUG));

        assertThat(labels.threshold(0, 0.5f)).isEqualTo(0.7f);
        assertThat(labels.threshold(1, 0.5f)).isEqualTo(0.5f);
    }

    @Test
    void plainLabelsHaveNumbersOfTheirOwn() {
        LabelSet labels = LabelSet.ofNames(List.of("b", "a"));

        assertThat(labels.nameNumber(0)).isZero();
        assertThat(labels.nameNumber(1)).isEqualTo(1);
        assertThat(labels.prompts()).containsExactly("b", "a");
    }

    @Test
    void aThresholdIsAProbability() {
        assertThatThrownBy(() -> new Label("a", "a", OptionalDouble.of(Double.NaN)))
                .hasMessage("threshold must lie between 0 and 1, but is NaN");
        assertThatThrownBy(() -> new Label("a", "a", OptionalDouble.of(1.5))).hasMessageContaining("1.5");
    }

    @Test
    void noLabelIsPrinted() {
        assertThat(LabelSet.of(List.of(DOCTOR)) + " " + DOCTOR).isEqualTo("LabelSet[1] Label");
    }
}
