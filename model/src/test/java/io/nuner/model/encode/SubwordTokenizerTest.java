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

class SubwordTokenizerTest {
    private static final long SEED = 20_261_122;

    @TempDir
    private Path directory;

    @Test
    void rememberedWordsGiveWhatFreshOnesGive() throws ModelException {
        Path file = tokenizerJson();
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
        Path file = tokenizerJson();
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
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson())) {
            int[][] pieces = tokenizer.pieces(new String[] {"o".repeat(1_000_000), "o"});

            assertThat(pieces[0]).hasSizeGreaterThan(100_000).startsWith(pieces[1]);
        }
    }

    @Test
    void aClosedTokenizerRefuses() throws ModelException {
        SubwordTokenizer tokenizer = SubwordTokenizer.open(tokenizerJson());
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
                .hasMessageContaining("empty.json has no token [CLS]");
    }

    private Path tokenizerJson() throws ModelException {
        Path file = directory.resolve("tokenizer.json");
        TokenizerFile.prepare(Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS), file);
        return file;
    }

    private static String[] words(String text) {
        Words words = WordSplitter.split(text);
        return IntStream.range(0, words.count()).mapToObj(words::word).toArray(String[]::new);
    }
}
