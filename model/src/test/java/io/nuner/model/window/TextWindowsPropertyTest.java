package io.nuner.model.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextWindowsPropertyTest {
    private static final long SEED = 20_261_130;
    private static final int ROUNDS = 3_000;
    private static final List<String> GAPS = List.of(" ", " ", " ", ". ", "! ", "\n\n", ".\" ", "\u3002", ", ", "\r\n");

    /** The rule in words: of all windows the one in which the word lies farthest from an edge, the first of equal ones. */
    @Test
    void eachWordBelongsToTheWindowInWhichItLiesFarthestFromAnEdge() {
        forRandomTexts((round, draw) -> {
            List<Window> windows = draw.windows();
            for (int word = 0; word < draw.words().count(); word++) {
                Window farthest = windows.get(0);
                for (Window window : windows) {
                    farthest = distance(word, window) > distance(word, farthest) ? window : farthest;
                }
                assertThat(farthest.ownFrom() <= word && word < farthest.ownTo())
                        .as("seed %d, round %d, word %d of %s", SEED, round, word, windows)
                        .isTrue();
            }
        });
    }

    @Test
    void eachWordBelongsToOneWindow() {
        forRandomTexts((round, draw) -> {
            int next = 0;
            for (Window window : draw.windows()) {
                assertThat(window.ownFrom()).isEqualTo(next);
                assertThat(window.ownTo()).isGreaterThan(next);
                next = window.ownTo();
                assertThat(window.last()).isEqualTo(next == draw.words().count());
            }
            assertThat(next)
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(draw.words().count());
        });
    }

    @Test
    void eachWindowKeepsToTheLimitsAndGoesOn() {
        forRandomTexts((round, draw) -> {
            Window before = null;
            for (Window window : draw.windows()) {
                assertThat(window.to() - window.from())
                        .isBetween(1, draw.limits().maxWords());
                for (EncodedRequest row : window.rows()) {
                    assertThat(row.words().count()).isEqualTo(window.to() - window.from());
                    assertThat(row.words().start(0)).isEqualTo(draw.words().start(window.from()));
                    assertThat(row.row().tokenCount())
                            .isLessThanOrEqualTo(draw.limits().maxTokens());
                }
                if (before != null) {
                    int shared = before.to() - window.from();
                    assertThat(shared).isBetween(0, (before.to() - before.from()) / 2);
                    assertThat(shared).isLessThanOrEqualTo(2 * draw.overlap());
                    assertThat(window.to()).as("seed %d, round %d", SEED, round).isGreaterThan(before.to());
                }
                before = window;
            }
        });
    }

    @Test
    void noWordIsTokenizedTwiceAndShortenedWordsAreCounted() {
        forRandomTexts((round, draw) -> {
            int room = draw.limits().maxTokens() - draw.groups().longest() - 1;
            long tooLong = 0;
            for (int word = 0; word < draw.words().count(); word++) {
                tooLong += tokens(draw.words().word(word)) > room ? 1 : 0;
            }
            assertThat(draw.windows().stream().mapToInt(Window::shortenedWords).sum())
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(tooLong);
            assertThat(draw.encoder().tokenized()).isEqualTo(draw.words().count());
        });
    }

    @Test
    void aTextThatFitsIsOneWindowWithTheSameRow() {
        int fitting = 0;
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Draw draw = new Draw(random);
            Words words = draw.words();
            Prompt prompt = draw.groups().prompts().get(0);
            EncodedRequest whole = draw.encoder().encode(words, draw.encoder().pieces(words), prompt);
            boolean fits = words.count() <= draw.limits().maxWords()
                    && draw.groups().longest()
                                    - prompt.rowTokens()
                                    + whole.row().tokenCount()
                            <= draw.limits().maxTokens();
            Window first = draw.windows().get(0);
            assertThat(first.last() && first.shortenedWords() == 0)
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(fits);
            if (fits) {
                assertThat(first.rows().get(0)).isEqualTo(whole);
                fitting++;
            }
        }
        assertThat(fitting).isBetween(ROUNDS / 20, ROUNDS / 2);
    }

    private static void forRandomTexts(Check check) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            check.accept(round, new Draw(random));
        }
    }

    /** Words between the word and the nearest edge at which the window cuts the text. */
    private static int distance(int word, Window window) {
        if (word < window.from() || word >= window.to()) {
            return -1;
        }
        int before = window.from() == 0 ? Integer.MAX_VALUE : word - window.from();
        int behind = window.last() ? Integer.MAX_VALUE : window.to() - 1 - word;
        return Math.min(before, behind);
    }

    private static int tokens(String word) {
        return word.length() - 1;
    }

    private interface Check {
        void accept(int round, Draw draw);
    }

    /** A random text and its windows. Words have from no token to many. */
    private record Draw(
            Words words,
            LabelGroups groups,
            WindowLimits limits,
            int overlap,
            FakeEncoder encoder,
            List<Window> windows) {
        private Draw(Random random) {
            this(
                    WordSplitter.split(text(random)),
                    new LabelGroups(List.of(FakeEncoder.prompt(1, 1), FakeEncoder.prompt(1 + random.nextInt(2), 2))),
                    new WindowLimits(1 + random.nextInt(40), 10 + random.nextInt(120), random.nextInt(12)),
                    1 + random.nextInt(4));
        }

        private Draw(Words words, LabelGroups groups, WindowLimits limits, int maxWidth) {
            this(
                    words,
                    groups,
                    limits,
                    Math.max(limits.overlapWords(), 2 * maxWidth),
                    new FakeEncoder(TextWindowsPropertyTest::tokens),
                    new ArrayList<>());
            TextWindows next = new TextWindows(words, groups, encoder, limits, maxWidth);
            while (next.hasNext()) {
                windows.add(next.next());
            }
        }

        private static String text(Random random) {
            StringBuilder text = new StringBuilder("w");
            for (int i = random.nextInt(120); i > 0; i--) {
                text.append(GAPS.get(random.nextInt(GAPS.size())));
                int length = random.nextInt(15) == 0 ? random.nextInt(random.nextInt(200) + 1) : random.nextInt(5);
                text.append("w".repeat(1 + length));
            }
            return text.toString();
        }
    }
}
