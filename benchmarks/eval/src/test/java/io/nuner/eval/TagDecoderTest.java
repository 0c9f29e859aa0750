package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagDecoderTest {
    private static final TokenSpan ADA_LOVELACE = new TokenSpan(0, 2, "PER");
    private static final TokenSpan PARIS = new TokenSpan(3, 4, "LOC");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I-PER I-PER O I-LOC", // IOB1
                "B-PER I-PER O B-LOC", // BIO
                "B-PER E-PER O S-LOC", // BIOES
                "B-PER L-PER O U-LOC" // BILOU
            })
    void schemesSayTheSame(String tags) {
        assertThat(spans(tags)).containsExactly(ADA_LOVELACE, PARIS);
    }

    @Test
    void neighboursOfOneTypeStayApart() {
        List<TokenSpan> two = List.of(new TokenSpan(0, 1, "PER"), new TokenSpan(1, 3, "PER"));

        assertThat(spans("I-PER B-PER I-PER")).isEqualTo(two); // IOB1
        assertThat(spans("B-PER B-PER I-PER")).isEqualTo(two); // BIO
        assertThat(spans("S-PER B-PER E-PER")).isEqualTo(two); // BIOES
    }

    @Test
    void anotherTypeBeginsAnotherEntity() {
        assertThat(spans("I-PER I-LOC")).containsExactly(new TokenSpan(0, 1, "PER"), new TokenSpan(1, 2, "LOC"));
    }

    @Test
    void whatIsClosedDoesNotGoOn() {
        assertThat(spans("S-PER I-PER")).containsExactly(new TokenSpan(0, 1, "PER"), new TokenSpan(1, 2, "PER"));
        assertThat(spans("B-PER E-PER E-PER")).containsExactly(new TokenSpan(0, 2, "PER"), new TokenSpan(2, 3, "PER"));
    }

    @Test
    void anEntityMayBeTheLastWord() {
        assertThat(spans("O B-PER")).containsExactly(new TokenSpan(1, 2, "PER"));
    }

    @Test
    void outsideIsNothing() {
        assertThat(spans("O O")).isEmpty();
    }

    @Test
    void typesMayHoldHyphens() {
        assertThat(Tag.parse("B-creative-work")).contains(new Tag('B', "creative-work"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "B", "B-", "PER", "X-PER", "BPER", "o", "OO"})
    void otherWordsAreNoTags(String written) {
        assertThat(Tag.parse(written)).isEmpty();
    }

    private static List<TokenSpan> spans(String tags) {
        return TagDecoder.spans(Stream.of(tags.split(" ", -1))
                .map(tag -> Tag.parse(tag).orElseThrow())
                .toList());
    }
}
