package io.nuner.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.testing.RandomTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OffsetConverterPropertyTest {
    private static final long SEED = 20_261_122;

    @ParameterizedTest
    @EnumSource
    void aSliceInAnyUnitIsTheWord(OffsetUnit unit) {
        RandomTexts texts = new RandomTexts(SEED);
        UnspacedTexts unspaced = new UnspacedTexts(SEED);
        for (int i = 0; i < 4_000; i++) {
            boolean split = i % 2 == 0;
            String text = split ? unspaced.next() : i % 4 == 1 ? texts.next(40) : texts.nextWithLoneSurrogates(40);
            Words words = WordSplitter.split(text, split ? WordSplitting.UNICODE : WordSplitting.REFERENCE);
            OffsetConverter offsets = new OffsetConverter(text, unit);
            for (int word = 0; word < words.count(); word++) {
                int start = offsets.convert(words.start(word));
                int end = offsets.convert(words.end(word));
                assertThat(slice(text, unit, start, end))
                        .as("seed %d, text %d, word %d", SEED, i, word)
                        .isEqualTo(asEncoded(words.word(word), unit));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyOrderOfIndicesGivesTheSame(OffsetUnit unit) {
        RandomTexts texts = new RandomTexts(SEED);
        for (int i = 0; i < 200; i++) {
            String text = texts.next(30);
            Words words = WordSplitter.split(text);
            OffsetConverter ascending = new OffsetConverter(text, unit);
            OffsetConverter descending = new OffsetConverter(text, unit);
            int[] up = new int[words.count()];
            int[] down = new int[words.count()];
            Arrays.setAll(up, word -> ascending.convert(words.start(word)));
            for (int word = words.count() - 1; word >= 0; word--) {
                down[word] = descending.convert(words.start(word));
            }
            assertThat(down).as("seed %d, text %d", SEED, i).isEqualTo(up);
        }
    }

    @Test
    void anIndexOutsideTheTextIsRefused() {
        OffsetConverter offsets = new OffsetConverter("ab", OffsetUnit.CODE_POINT);

        assertThat(offsets.convert(2)).isEqualTo(2);
        assertThatThrownBy(() -> offsets.convert(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> offsets.convert(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theLengthInUtf8IsThatOfTheEncodedPart() {
        RandomTexts texts = new RandomTexts(SEED);
        for (int i = 0; i < 500; i++) {
            String text = texts.nextWithLoneSurrogates(30);
            Words words = WordSplitter.split(text);
            for (int word = 0; word < words.count(); word++) {
                int from = words.start(word);
                assertThat(OffsetConverter.utf8Length(text, from, text.length()))
                        .as("seed %d, text %d, word %d", SEED, i, word)
                        .isEqualTo(text.substring(from).getBytes(StandardCharsets.UTF_8).length);
            }
        }
    }

    private static String slice(String text, OffsetUnit unit, int start, int end) {
        return switch (unit) {
            case CODE_POINT -> {
                int[] codePoints = text.codePoints().toArray();
                yield new String(codePoints, start, end - start);
            }
            case UTF8_BYTE -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                yield new String(bytes, start, end - start, StandardCharsets.UTF_8);
            }
            case UTF16_UNIT -> text.substring(start, end);
        };
    }

    private static String asEncoded(String word, OffsetUnit unit) {
        return unit == OffsetUnit.UTF8_BYTE
                ? new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                : word;
    }
}
