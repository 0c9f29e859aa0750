package io.nuner.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.FixtureWord;
import io.nuner.model.testing.Fixtures;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WordSplitterTest {
    @ParameterizedTest
    @EnumSource
    void wordsAndOffsetsEqualTheReference(Fixtures fixture) {
        assertThat(fixture.cases()).allSatisfy(WordSplitterTest::splitsAsTheReference);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state-of-the-art|state-of-the-art",
                "foo-|foo -",
                "foo--bar|foo - - bar",
                "don't|don ' t",
                "3.14|3 . 14",
                "a_b-c_|a_b-c_",
                "-x|- x",
                "_-_|_-_",
                "a-\u0301|a - \u0301",
                "\u00bd\u2167|\u00bd\u2167",
                "e\u0301te|e \u0301 te",
                "\ud83d\ude00\u200d\ud83d\ude00|\ud83d\ude00 \u200d \ud83d\ude00",
                "x\u001cy|x y"
            })
    void splitsAsThePatternDoes(String text, String words) {
        assertThat(split(text)).containsExactly(words.split(" "));
    }

    @Test
    void aLoneSurrogateIsAWord() {
        assertThat(split("a\ud83d \ude00\ud83d b\ude00"))
                .containsExactly("a", "\ud83d", "\ude00", "\ud83d", "b", "\ude00");
    }

    @Test
    void blankTextHasNoWords() {
        assertThat(split("")).isEmpty();
        assertThat(split(" \t\r\n\u00a0\u2028\u3000\u001f")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a,1", "-,1000000", "a-,2", "\ud83d\ude00,1000000", ".a,2000000"})
    void aMillionRepetitionsAreSplitInOnePass(String piece, int words) {
        Words split = WordSplitter.split(piece.repeat(1_000_000));

        assertThat(split.count()).isEqualTo(words);
    }

    @Test
    void theFirstWordsKeepTheirOffsets() {
        Words words = WordSplitter.split("one two three");

        assertThat(words.first(2).count()).isEqualTo(2);
        assertThat(words.first(2).end(1)).isEqualTo(7);
        assertThat(words.first(2).text()).isEqualTo("one two three");
        assertThat(words.first(3)).isSameAs(words);
        assertThatThrownBy(() -> words.first(2).start(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> words.first(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(words).hasToString("Words[3]");
    }

    private static List<String> split(String text) {
        Words words = WordSplitter.split(text);
        return IntStream.range(0, words.count()).mapToObj(words::word).toList();
    }

    private static void splitsAsTheReference(FixtureCase fixture) {
        Words words = WordSplitter.split(fixture.text());
        OffsetConverter offsets = new OffsetConverter(fixture.text(), OffsetUnit.CODE_POINT);
        List<FixtureWord> found = IntStream.range(0, words.count())
                .mapToObj(word -> new FixtureWord(
                        words.word(word), offsets.convert(words.start(word)), offsets.convert(words.end(word))))
                .toList();
        assertThat(found).isEqualTo(fixture.words());
    }
}
