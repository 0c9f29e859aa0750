package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.engine.RowLogits;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.FixtureEntity;
import io.nuner.model.testing.FixturePrediction;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpanDecoderTest {
    private static final DecodeOptions PLAIN = new DecodeOptions(0.5f, false, true, false);

    @ParameterizedTest
    @EnumSource
    void entitiesEqualTheReference(Fixtures fixture) {
        for (FixtureCase expected : filled(fixture)) {
            for (FixturePrediction prediction : expected.predictions()) {
                assertSame(expected, decode(expected, prediction, false), prediction.entities());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergedEntitiesEqualTheReference(Fixtures fixture) {
        for (FixtureCase expected : filled(fixture)) {
            for (FixturePrediction prediction : expected.predictions()) {
                assertSame(expected, decode(expected, prediction, true), prediction.merged());
            }
        }
    }

    /** Worked example of the model's description; the numbers are invented. */
    @Test
    void theFirstPieceGivesTheMergedEntityItsScore() {
        Words words = WordSplitter.split("Auric Goldfinger");
        RowLogits logits = RowLogits.wrap(2, 1, 2, new float[] {3.1f, -2.2f, 2.4f, 1.9f});

        List<EntitySpan> merged = SpanDecoder.decode(logits, words, new DecodeOptions(0.5f, false, true, true));

        assertThat(merged).hasSize(1);
        assertThat(merged.get(0).start()).isZero();
        assertThat(merged.get(0).end()).isEqualTo(16);
        assertThat(merged.get(0).score()).isEqualTo(0.956893f, within(1e-6f));
    }

    @Test
    void aProbabilityEqualToTheThresholdDoesNotPass() {
        Words words = WordSplitter.split("a b");
        RowLogits logits = RowLogits.wrap(2, 1, 1, new float[] {0f, 1e-6f});

        assertThat(SpanDecoder.decode(logits, words, PLAIN))
                .extracting(EntitySpan::start)
                .containsExactly(2);
    }

    @Test
    void equalProbabilitiesGoToTheFirstLabelEvenIfALaterLogitIsHigher() {
        Words words = WordSplitter.split("a");
        RowLogits logits = RowLogits.wrap(1, 1, 3, new float[] {1f, 30f, 40f});

        assertThat(SpanDecoder.decode(logits, words, PLAIN)).containsExactly(new EntitySpan(0, 1, 1, 1f));
    }

    @Test
    void aScoreThatIsNoNumberIsNoEntity() {
        Words words = WordSplitter.split("a b");
        RowLogits logits = RowLogits.wrap(2, 1, 1, new float[] {Float.NaN, 2f});

        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0f, true, true, false)))
                .extracting(EntitySpan::start)
                .containsExactly(2);
    }

    @Test
    void oneAstralCharacterBetweenNeighboursIsOneGap() {
        String text = "a\ud83d\ude00b, c";
        RowLogits logits = RowLogits.wrap(5, 1, 1, new float[] {5f, -5f, 5f, -5f, 5f});

        List<EntitySpan> merged =
                SpanDecoder.decode(logits, WordSplitter.split(text), new DecodeOptions(0.5f, false, true, true));

        assertThat(merged).extracting(EntitySpan::end).containsExactly(4, 7);
    }

    @Test
    void optionsAndSizesAreChecked() {
        assertThatThrownBy(() -> new DecodeOptions(Float.NaN, false, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DecodeOptions(1.5f, false, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        SpanDecoder.decode(RowLogits.wrap(1, 1, 1, new float[1]), WordSplitter.split("a b"), PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<FixtureCase> filled(Fixtures fixture) {
        return fixture.cases().stream().filter(expected -> !expected.isBlank()).toList();
    }

    private static List<FixtureEntity> decode(FixtureCase fixture, FixturePrediction prediction, boolean merge) {
        DecodeOptions options = new DecodeOptions(
                (float) prediction.options().threshold(),
                prediction.options().multiLabel(),
                prediction.options().flatNer(),
                merge);
        Words words = WordSplitter.split(fixture.text()).first(fixture.usedWords());
        OffsetConverter offsets = new OffsetConverter(fixture.text(), OffsetUnit.CODE_POINT);
        List<FixtureEntity> found = new ArrayList<>();
        for (EntitySpan span : SpanDecoder.decode(fixture.logits(), words, options)) {
            found.add(new FixtureEntity(
                    offsets.convert(span.start()),
                    offsets.convert(span.end()),
                    fixture.text().substring(span.start(), span.end()),
                    fixture.labels().get(span.label()),
                    span.score()));
        }
        return found;
    }

    private static void assertSame(FixtureCase fixture, List<FixtureEntity> found, List<FixtureEntity> expected) {
        assertThat(found)
                .as(fixture.toString())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("score")
                .isEqualTo(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).score()).isEqualTo(expected.get(i).score(), within(2e-7));
        }
    }
}
