package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nuner.eval.Counts.Score;
import io.nuner.eval.Labelled.Span;
import io.nuner.eval.Labelled.Token;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoringTest {
    /** Ada Lovelace wrote to the Royal Society of London. */
    private static final AnnotatedText TEXT = AnnotatedText.of(
            new Sentence(
                    List.of("Ada", "Lovelace", "wrote", "to", "the", "Royal", "Society", "of", "London", "."),
                    List.of(new TokenSpan(0, 2, "person"), new TokenSpan(5, 9, "org"), new TokenSpan(8, 9, "city")),
                    "f:1"),
            LabelMap.of(Map.of()));

    private static final Span ADA_LOVELACE = new Span(0, 12, "person");
    private static final Span ROYAL_SOCIETY_OF_LONDON = new Span(26, 49, "org");
    private static final Span LONDON = new Span(43, 49, "city");

    private final Scoring scoring = new Scoring(List.of("city", "org", "person", "vehicle"));

    @Test
    void goldIsInCharactersOfTheJoinedText() {
        assertThat(TEXT.text()).isEqualTo("Ada Lovelace wrote to the Royal Society of London .");
        assertThat(TEXT.entities()).containsExactlyInAnyOrder(ADA_LOVELACE, ROYAL_SOCIETY_OF_LONDON, LONDON);
    }

    @Test
    void offsetsCountUtf16Units() {
        AnnotatedText text = AnnotatedText.of(
                new Sentence(List.of("\ud83d\ude00", "Ada"), List.of(new TokenSpan(1, 2, "person")), "f:1"),
                LabelMap.of(Map.of()));

        assertThat(text.entities()).containsExactly(new Span(3, 6, "person"));
    }

    @Test
    void allFoundIsOne() {
        scoring.add(TEXT, Set.of(ADA_LOVELACE, ROYAL_SOCIETY_OF_LONDON, LONDON));

        assertThat(scoring.entities().micro()).isEqualTo(new Counts(3, 0, 0));
        assertThat(scoring.tokens().micro()).isEqualTo(new Counts(2 + 4 + 1, 0, 0));
        assertThat(scoring.entities().macro()).isEqualTo(new Score(1, 1, 1));
        assertThat(scoring.tokens().macro()).isEqualTo(new Score(1, 1, 1));
    }

    @Test
    void nothingFoundIsZero() {
        scoring.add(TEXT, Set.of());

        assertThat(scoring.entities().micro()).isEqualTo(new Counts(0, 0, 3));
        assertThat(scoring.tokens().micro().score()).isEqualTo(new Score(0, 0, 0));
        assertThat(scoring.entities().macro()).isEqualTo(new Score(0, 0, 0));
    }

    @Test
    void aPartOfAnEntityCountsForTokensOnly() {
        scoring.add(TEXT, Set.of(new Span(26, 39, "org")));

        assertThat(scoring.entities().byLabel().get("org")).isEqualTo(new Counts(0, 1, 1));
        assertThat(scoring.tokens().byLabel().get("org")).isEqualTo(new Counts(2, 0, 2));
    }

    @Test
    void aPartOfATokenIsTheToken() {
        scoring.add(TEXT, Set.of(new Span(46, 47, "city")));

        assertThat(scoring.tokens().byLabel().get("city")).isEqualTo(new Counts(1, 0, 0));
    }

    @Test
    void theBlankBetweenTokensIsNone() {
        assertThat(TEXT.tokensIn(Set.of(new Span(3, 4, "person")))).isEmpty();
        assertThat(TEXT.tokensIn(Set.of(new Span(3, 5, "person")))).containsExactly(new Token(1, "person"));
    }

    @Test
    void theRightSpanWithTheWrongLabelIsWrong() {
        scoring.add(TEXT, Set.of(new Span(0, 12, "org")));

        assertThat(scoring.entities().byLabel().get("org")).isEqualTo(new Counts(0, 1, 1));
        assertThat(scoring.entities().byLabel().get("person")).isEqualTo(new Counts(0, 0, 1));
    }

    @Test
    void aLabelThatNeverOccursIsNotPartOfTheMean() {
        scoring.add(TEXT, Set.of(ADA_LOVELACE, LONDON));

        assertThat(scoring.entities().byLabel()).containsKey("vehicle");
        assertThat(scoring.entities().macro().f1()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void figuresOfAnExample() {
        scoring.add(TEXT, Set.of(ADA_LOVELACE, new Span(30, 39, "org"), new Span(13, 18, "vehicle")));

        Score entities = scoring.entities().micro().score();
        assertThat(entities.precision()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(entities.recall()).isCloseTo(1.0 / 3, within(1e-12));
        Counts tokens = scoring.tokens().micro(); // Ada, Lovelace, Royal, Society; wrote; of, London, London
        assertThat(tokens).isEqualTo(new Counts(4, 1, 3));
        assertThat(tokens.score().f1()).isCloseTo(2 * 0.8 * (4.0 / 7) / (0.8 + 4.0 / 7), within(1e-12));
    }

    @Test
    void textsAddUp() {
        scoring.add(TEXT, Set.of(ADA_LOVELACE));
        scoring.add(TEXT, Set.of());

        assertThat(scoring.entities().byLabel().get("person")).isEqualTo(new Counts(1, 0, 1));
        assertThat(scoring.entities().micro().support()).isEqualTo(6);
    }
}
