package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.ModelException;
import io.nuner.model.testing.RandomTexts;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The demo model's tokenizer, whose normaliser marks capitals. It must take any word: a failure inside the native library
 * would end the process.
 */
class DemoTokenizerTest {
    private static final long SEED = 20_261_122;
    private static final Path TOKENIZER = Path.of("..", "model", "demo", "tokenizer.json");
    private static final int FIRST_ASTRAL = 0x10000;

    @Test
    void aRunOfCapitalsHasOneMark() throws ModelException {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(TOKENIZER)) {
            int[][] pieces = tokenizer.pieces(new String[] {"london", "London", "LONDON", "élan", "Élan"});

            int mark = pieces[1][0];
            assertThat(pieces[0]).hasSize(1).doesNotContain(mark);
            assertThat(pieces[1]).containsExactly(mark, pieces[0][0]);
            assertThat(pieces[2]).containsExactly(mark, pieces[0][0]);
            assertThat(pieces[4]).startsWith(mark).endsWith(pieces[3]);
        }
    }

    @Test
    void everyCharacterCanStandInAWord() throws ModelException {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(TOKENIZER)) {
            IntStream basic = IntStream.range(0, FIRST_ASTRAL).filter(each -> !isSurrogate(each));
            IntStream astral =
                    IntStream.iterate(FIRST_ASTRAL, each -> each < Character.MAX_CODE_POINT, each -> each + 97);
            String[] words = IntStream.concat(basic, astral)
                    .mapToObj(each -> "A" + Character.toString(each) + "Z")
                    .toArray(String[]::new);

            assertThat(Arrays.asList(tokenizer.pieces(words)))
                    .hasSameSizeAs(words)
                    .allMatch(pieces -> pieces.length > 0);
        }
    }

    @Test
    void randomTextsAreTokenised() throws ModelException {
        RandomTexts texts = new RandomTexts(SEED);
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(TOKENIZER)) {
            for (int i = 0; i < 500; i++) {
                String text = texts.nextWithLoneSurrogates(30);
                String[] words = words(text);

                assertThat(Arrays.asList(tokenizer.pieces(words)))
                        .as("seed %d, text %d", SEED, i)
                        .hasSameSizeAs(words);
            }
        }
    }

    @Test
    void aWordOfManyCapitalsIsTokenised() throws ModelException {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(TOKENIZER)) {
            assertThat(tokenizer.pieces(new String[] {"AbC".repeat(30_000)})[0]).isNotEmpty();
        }
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static String[] words(String text) {
        Words words = WordSplitter.split(text);
        return IntStream.range(0, words.count()).mapToObj(words::word).toArray(String[]::new);
    }
}
