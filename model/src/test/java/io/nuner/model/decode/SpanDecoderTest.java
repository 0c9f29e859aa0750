package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanDecoderTest {
    private static final DecodeOptions PLAIN = new DecodeOptions(0.5f, false, true, Merging.NONE);

    @ParameterizedTest
    @EnumSource
    void entitiesEqualTheReference(Fixtures fixture) {
        for (FixtureCase expected : filled(fixture)) {
            for (FixturePrediction prediction : expected.predictions()) {
                assertSame(expected, decode(expected, prediction, Merging.NONE), prediction.entities());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergedEntitiesEqualTheReference(Fixtures fixture) {
        for (FixtureCase expected : filled(fixture)) {
            for (FixturePrediction prediction : expected.predictions()) {
                assertSame(
                        expected, decode(expected, prediction, Merging.ADJACENT), prediction.merged(expected.text()));
            }
        }
    }

    /** Worked example of the model's description; the numbers are invented. */
    @Test
    void theFirstPieceGivesTheMergedEntityItsScore() {
        Words words = WordSplitter.split("Auric Goldfinger");
        RowLogits logits = RowLogits.wrap(2, 1, 2, new float[] {3.1f, -2.2f, 2.4f, 1.9f});

        List<EntitySpan> merged =
                SpanDecoder.decode(logits, words, new DecodeOptions(0.5f, false, true, Merging.ADJACENT));

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

        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0f, true, true, Merging.NONE)))
                .extracting(EntitySpan::start)
                .containsExactly(2);
    }

    /** So the scores alone tell how many entities there are, whatever the threshold. */
    @Test
    void aProbabilityOfZeroPassesNoThreshold() {
        Words words = WordSplitter.split("a b c");
        RowLogits logits = RowLogits.wrap(3, 1, 1, new float[] {-89f, Float.NEGATIVE_INFINITY, -88f});

        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0f, true, false, Merging.NONE)))
                .extracting(EntitySpan::start)
                .containsExactly(4);
    }

    @Test
    void oneAstralCharacterBetweenNeighboursIsOneGap() {
        String text = "a\ud83d\ude00b, c";
        RowLogits logits = RowLogits.wrap(5, 1, 1, new float[] {5f, -5f, 5f, -5f, 5f});

        List<EntitySpan> merged = SpanDecoder.decode(
                logits, WordSplitter.split(text), new DecodeOptions(0.5f, false, true, Merging.ADJACENT));

        assertThat(merged).extracting(EntitySpan::end).containsExactly(4, 7);
    }

    /** Everything that people put between the items of a list, an address or a line, and what joins under which rule. */
    @ParameterizedTest
    @CsvSource({
        "0020, true, true", // a blank
        "00A0, true, true", // no-break space, category Zs as are the next six
        "1680, true, true",
        "2003, true, true",
        "2009, true, true",
        "202F, true, true",
        "205F, true, true",
        "3000, true, true",
        "000A, true, false", // line feed
        "000D, true, false",
        "0009, true, false", // tab
        "000B, true, false",
        "000C, true, false",
        "001F, true, false",
        "0085, true, false",
        "2028, true, false", // line separator, category Zl
        "2029, true, false", // paragraph separator, category Zp
        "200B, true, false", // zero width space, category Cf
        "FEFF, true, false",
        "002C, true, false", // comma
        "003B, true, false",
        "002F, true, false",
        "007C, true, false",
        "002E, true, false",
        "2022, true, false", // bullet
        "0026, true, false",
        "2013, true, false", // en dash
        "1F600, true, false" // two UTF-16 units
    })
    void oneCharacterBetweenNeighboursJoinsThemOrDoesNot(String hex, boolean adjacent, boolean consecutive) {
        String text = "Anna" + Character.toString(Integer.parseInt(hex, 16)) + "Peter";

        assertThat(people(text, Merging.ADJACENT)).hasSize(adjacent ? 1 : 2);
        assertThat(people(text, Merging.CONSECUTIVE)).hasSize(consecutive ? 1 : 2);
        assertThat(people(text, Merging.NONE)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "  ", ", ", " / ", "\n\n", " \n", "\u00a0 "})
    void twoCharactersBetweenNeighboursKeepThemApart(String between) {
        String text = "Anna" + between + "Peter";

        assertThat(people(text, Merging.ADJACENT)).hasSize(2);
        assertThat(people(text, Merging.CONSECUTIVE)).hasSize(2);
    }

    @Test
    void neighboursWithNothingBetweenThemAreJoined() {
        assertThat(people("Anna'", Merging.CONSECUTIVE)).containsExactly("Anna");
        RowLogits logits = RowLogits.wrap(3, 1, 1, new float[] {5f, 5f, 5f});

        assertThat(SpanDecoder.decode(logits, WordSplitter.split("O'Hara"), flat(Merging.CONSECUTIVE)))
                .extracting(EntitySpan::end)
                .containsExactly(6);
    }

    /** "200 Australian dollars" is money all along, and one word of it is a currency, too. */
    @ParameterizedTest
    @EnumSource(names = {"ADJACENT", "CONSECUTIVE"})
    void aWordWithASecondLabelDoesNotBreakTheChainOfTheFirst(Merging merging) {
        Words words = WordSplitter.split("200 Australian dollars");
        RowLogits logits = RowLogits.wrap(3, 1, 2, new float[] {2f, -5f, 3f, 4f, 1f, -5f});

        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0.5f, true, true, merging)))
                .extracting(EntitySpan::label, EntitySpan::start, EntitySpan::end)
                .containsExactly(tuple(0, 0, 22), tuple(1, 4, 14));
    }

    @Test
    void withOneLabelForEachSpanAnEntityOfAnotherLabelKeepsNeighboursApart() {
        Words words = WordSplitter.split("Paris/London");
        RowLogits logits = RowLogits.wrap(3, 1, 2, new float[] {5f, -5f, -5f, 5f, 5f, -5f});

        assertThat(SpanDecoder.decode(logits, words, flat(Merging.ADJACENT))).hasSize(3);
        assertThat(SpanDecoder.decode(logits, words, new DecodeOptions(0.5f, true, true, Merging.ADJACENT)))
                .hasSize(2);
    }

    @Test
    void optionsAndSizesAreChecked() {
        assertThatThrownBy(() -> new DecodeOptions(Float.NaN, false, true, Merging.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DecodeOptions(1.5f, false, true, Merging.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        SpanDecoder.decode(RowLogits.wrap(1, 1, 1, new float[1]), WordSplitter.split("a b"), PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static DecodeOptions flat(Merging merging) {
        return new DecodeOptions(0.5f, false, true, merging);
    }

    /** What is found in a text in which words that begin with a letter are persons. */
    private static List<String> people(String text, Merging merging) {
        Words words = WordSplitter.split(text);
        float[] scores = new float[words.count()];
        for (int word = 0; word < scores.length; word++) {
            scores[word] = Character.isLetter(text.charAt(words.start(word))) ? 5f : -5f;
        }
        return SpanDecoder.decode(RowLogits.wrap(scores.length, 1, 1, scores), words, flat(merging)).stream()
                .map(entity -> text.substring(entity.start(), entity.end()))
                .toList();
    }

    private static List<FixtureCase> filled(Fixtures fixture) {
        return fixture.cases().stream().filter(expected -> !expected.isBlank()).toList();
    }

    private static List<FixtureEntity> decode(FixtureCase fixture, FixturePrediction prediction, Merging merging) {
        DecodeOptions options = new DecodeOptions(
                (float) prediction.options().threshold(),
                prediction.options().multiLabel(),
                prediction.options().flatNer(),
                merging);
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
