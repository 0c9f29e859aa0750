package io.nuner.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.testing.RandomTexts;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnicodeSplittingPropertyTest {
    private static final long SEED = 20_261_130;
    private static final int ROUNDS = 3_000;

    @Test
    void textWithoutSuchScriptsHasTheWordsOfTheReference() {
        RandomTexts texts = new RandomTexts(SEED);
        int seen = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = texts.next(8);
            if (text.codePoints().noneMatch(UnspacedScripts::isLetter)) {
                assertThat(words(text, WordSplitting.UNICODE))
                        .as("seed %d, text %d", SEED, i)
                        .isEqualTo(words(text, WordSplitting.REFERENCE));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(ROUNDS / 10);
    }

    /** Words end elsewhere, but leave out nothing and take in nothing else. */
    @Test
    void allWordsTogetherHoldWhatTheyHoldInTheReference() {
        UnspacedTexts texts = new UnspacedTexts(SEED);
        int differing = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = texts.next();
            Words reference = WordSplitter.split(text);
            Words unicode = WordSplitter.split(text, WordSplitting.UNICODE);
            assertThat(covered(unicode)).as("seed %d, text %d", SEED, i).isEqualTo(covered(reference));
            differing += reference.count() == unicode.count() ? 0 : 1;
        }
        assertThat(differing).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void marksStayWithTheirLetters() {
        UnspacedTexts texts = new UnspacedTexts(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            String text = texts.next();
            Words words = WordSplitter.split(text, WordSplitting.UNICODE);
            for (int word = 0; word < words.count(); word++) {
                int start = words.start(word);
                boolean letterBefore = start > 0 && UnspacedScripts.isLetter(text.codePointBefore(start));
                assertThat(letterBefore && UnspacedScripts.isMark(text.codePointAt(start)))
                        .as("seed %d, text %d, word %d", SEED, i, word)
                        .isFalse();
            }
        }
    }

    @Test
    void manyThreadsSplitTheSame() {
        UnspacedTexts texts = new UnspacedTexts(SEED);
        List<String> all = IntStream.range(0, 500).mapToObj(i -> texts.next()).toList();
        List<List<String>> one =
                all.stream().map(text -> words(text, WordSplitting.UNICODE)).toList();

        assertThat(all.parallelStream().map(text -> words(text, WordSplitting.UNICODE)))
                .containsExactlyElementsOf(one);
    }

    @Test
    void icuIsLoadedForAWordThatNeedsItOnly() throws IOException, ReflectiveOperationException {
        URL[] withoutIcu = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("icu4j"))
                .map(UnicodeSplittingPropertyTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(withoutIcu, ClassLoader.getPlatformClassLoader())) {
            Class<?> splitting = loader.loadClass(WordSplitting.class.getName());
            Object unicode = splitting.getMethod("valueOf", String.class).invoke(null, "UNICODE");
            Method split = loader.loadClass(WordSplitter.class.getName()).getMethod("split", String.class, splitting);

            assertThat(split.invoke(null, "Anna lives in Caf\u00e9-Town \u05e9\u05dc\u05d5\u05dd", unicode))
                    .hasToString("Words[5]");
            assertThatThrownBy(() -> split.invoke(null, "\u6771\u4eac", unicode))
                    .hasCauseInstanceOf(NoClassDefFoundError.class);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static BitSet covered(Words words) {
        BitSet covered = new BitSet();
        int end = 0;
        for (int word = 0; word < words.count(); word++) {
            assertThat(words.start(word)).isGreaterThanOrEqualTo(end);
            assertThat(words.end(word)).isGreaterThan(words.start(word));
            end = words.end(word);
            covered.set(words.start(word), end);
        }
        return covered;
    }

    private static List<String> words(String text, WordSplitting splitting) {
        Words words = WordSplitter.split(text, splitting);
        return IntStream.range(0, words.count()).mapToObj(words::word).toList();
    }
}
