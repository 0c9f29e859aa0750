package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.RandomTexts;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubwordTokenizerTest {
    private static final long SEED = 20_261_122;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"MARKER_W1", "BERT_W1", "BERT_V0_W3"})
    void rememberedWordsGiveWhatFreshOnesGive(Fixtures fixture) throws ModelException {
        Path file = tokenizerJson(fixture);
        RandomTexts texts = new RandomTexts(SEED);
        try (SubwordTokenizer used = SubwordTokenizer.open(file);
                SubwordTokenizer fresh = SubwordTokenizer.open(file)) {
            for (int i = 0; i < 500; i++) {
                String[] words = words(texts.nextWithLoneSurrogates(30));
                used.pieces(words);
                int[][] separately = Arrays.stream(words)
                        .map(word -> fresh.pieces(new String[] {word})[0])
                        .toArray(int[][]::new);
                assertThat(used.pieces(words)).as("seed %d, text %d", SEED, i).isDeepEqualTo(separately);
            }
        }
    }

    @Test
    void manyThreadsGetWhatOneGets() throws ModelException {
        Path file = tokenizerJson(Fixtures.MARKER_W1);
        RandomTexts texts = new RandomTexts(SEED);
        List<String[]> requests =
                Stream.generate(() -> words(texts.next(30))).limit(2_000).toList();
        try (SubwordTokenizer shared = SubwordTokenizer.open(file);
                SubwordTokenizer alone = SubwordTokenizer.open(file)) {
            List<int[][]> found = requests.parallelStream().map(shared::pieces).toList();

            for (int i = 0; i < requests.size(); i++) {
                assertThat(found.get(i)).as("seed %d, text %d", SEED, i).isDeepEqualTo(alone.pieces(requests.get(i)));
            }
        }
    }

    @Test
    void aWordOfAMillionCharactersIsTokenised() throws ModelException {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson(Fixtures.MARKER_W1))) {
            int[][] pieces = tokenizer.pieces(new String[] {"o".repeat(1_000_000), "o"});

            assertThat(pieces[0]).hasSizeGreaterThan(100_000).startsWith(pieces[1]);
        }
    }

    /** The vocabulary's normaliser puts a token before each capital letter. */
    @Test
    void tokensThatTheNormaliserInsertsBelongToTheirWord() throws ModelException {
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson(Fixtures.BERT_W1))) {
            int[][] pieces = tokenizer.pieces(new String[] {"the", "THE", "The"});

            int mark = pieces[2][0];
            assertThat(pieces[0]).hasSize(1);
            assertThat(pieces[2]).containsExactly(mark, pieces[0][0]);
            assertThat(pieces[1]).containsSubsequence(mark, mark, mark).hasSize(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyIdIsBelowTheEnd(Fixtures fixture) throws ModelException {
        RandomTexts texts = new RandomTexts(SEED);
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson(fixture))) {
            int[][] pieces = tokenizer.pieces(words(texts.next(2_000)));

            assertThat(Arrays.stream(pieces).flatMapToInt(Arrays::stream)).allMatch(id -> id < tokenizer.endOfIds());
            assertThat(tokenizer.specialTokens().promptEnd()).isEqualTo(tokenizer.endOfIds() - 1);
        }
    }

    @Test
    void aClosedTokenizerRefuses() throws ModelException {
        SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson(Fixtures.MARKER_W1));
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.pieces(new String[] {"x"})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFileThatIsNoTokenizerIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("broken.json"), "{\"added_tokens\": 3}");
        Path empty = Files.writeString(directory.resolve("empty.json"), "{}");

        assertThatThrownBy(() -> SubwordTokenizer.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("broken.json");
        assertThatThrownBy(() -> SubwordTokenizer.open(empty))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("empty.json: has no model");
    }

    private Path tokenizerJson(Fixtures fixture) throws ModelException {
        Path file = directory.resolve("tokenizer.json");
        TokenizerFile.prepare(fixture.checkpoint(directory, WeightsFormat.SAFETENSORS), file);
        return file;
    }

    private static String[] words(String text) {
        Words words = WordSplitter.split(text);
        return IntStream.range(0, words.count()).mapToObj(words::word).toArray(String[]::new);
    }
}
