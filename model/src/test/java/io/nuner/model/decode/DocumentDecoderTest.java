package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.model.window.FakeEncoder;
import io.nuner.model.window.LabelGroups;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.TextWindows;
import io.nuner.model.window.Window;
import io.nuner.model.window.WindowLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentDecoderTest {
    private static final long SEED = 20_261_130;
    private static final float YES = 5f;
    private static final float NO = -5f;
    private static final DecodeOptions FLAT = new DecodeOptions(0.5f, false, true, Merging.NONE);
    private static final DecodeOptions JOINED = new DecodeOptions(0.5f, false, true, Merging.ADJACENT);
    private static final LabelSet PERSON = LabelSet.ofNames(List.of("person"));

    @Test
    void singleWordsAreCertainAtOnce() throws TooManyEntitiesException {
        Document document = new Document("w ".repeat(100), 1, FLAT, (start, width) -> YES);

        document.decode();

        for (int i = 0; i < document.windows.size(); i++) {
            Window window = document.windows.get(i);
            Decoded decoded = document.decoded.get(i);
            assertThat(decoded.entities()).hasSize(window.ownTo() - window.ownFrom());
            assertThat(decoded.safeUntil()).isEqualTo(2 * window.ownTo());
        }
    }

    @Test
    void anEntityThatTouchesNothingUnknownIsCertainAtOnce() throws TooManyEntitiesException {
        Document document =
                new Document("w ".repeat(100), 3, FLAT, (start, width) -> start == 2 && width == 1 ? YES : NO);

        document.decode();

        assertThat(document.decoded.get(0).entities())
                .extracting(EntitySpan::start)
                .containsExactly(4);
    }

    @Test
    void aJoinedEntityIsGivenWhenItCannotGrowAnyMore() throws TooManyEntitiesException {
        Document document = new Document("w ".repeat(100), 1, JOINED, (start, width) -> start < 50 ? YES : NO);

        document.decode();

        int complete = 0;
        while (document.windows.get(complete).ownTo() <= 50) {
            assertThat(document.decoded.get(complete)).isEqualTo(new Decoded(List.of(), 0));
            complete++;
        }
        assertThat(complete).isPositive();
        assertThat(document.decoded.get(complete).entities())
                .extracting(EntitySpan::end)
                .containsExactly(99);
    }

    /** Each span is more probable than the one before and overlaps it, so all depend on the last. */
    @Test
    void candidatesDoNotWaitForEver() throws TooManyEntitiesException {
        int words = 3 * DocumentDecoder.MAX_OPEN_WORDS;
        Document document = new Document(
                "w ".repeat(words), 2, FLAT, (start, width) -> width == 1 ? 0.1f + 10f * start / words : NO);

        document.decode();

        List<EntitySpan> all = document.entities();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).start()).isGreaterThanOrEqualTo(all.get(i - 1).end());
        }
        assertThat(all).hasSizeGreaterThan(words / 4);
        for (int i = 0; i < document.windows.size(); i++) {
            int behind = 2 * document.windows.get(i).ownTo()
                    - document.decoded.get(i).safeUntil();
            assertThat(behind).isLessThanOrEqualTo(2 * DocumentDecoder.MAX_OPEN_WORDS + 2);
        }
    }

    /** "w" and a space take two bytes, the other word and its space three. */
    @ParameterizedTest
    @ValueSource(strings = {"w ", "\u00e9 "})
    void anEntityEndsAt64KiBAndIsCounted(String word) throws TooManyEntitiesException {
        int bytes = word.length() + (word.startsWith("w") ? 0 : 1);
        int fitting = (64 * 1024 + 1) / bytes;
        Document document = new Document(word.repeat(3 * fitting), 1, JOINED, (start, width) -> YES);

        document.decode();

        assertThat(document.entities())
                .extracting(entity -> (entity.end() + 1 - entity.start()) / 2)
                .containsExactly(fitting, fitting, fitting);
        assertThat(document.decoder.cutEntities()).isEqualTo(2);
    }

    @Test
    void anEntityOfOneWindowMayBeOfAnyLength() {
        Words words = WordSplitter.split("w ".repeat(40_000));
        float[] scores = new float[words.count()];
        Arrays.fill(scores, YES);

        assertThat(SpanDecoder.decode(RowLogits.wrap(words.count(), 1, 1, scores), words, JOINED))
                .extracting(EntitySpan::end)
                .containsExactly(79_999);
    }

    /** Windows share twice the longest span, so each span lies whole in the window that owns its first word. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void noSpanIsLostOrDoubledAtSeamsWhateverTheWindows(int maxWidth) throws TooManyEntitiesException {
        Random random = new Random(SEED + maxWidth);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(200);
            float[] scores = new float[count * maxWidth];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = 4f * random.nextFloat() - 3f;
            }
            DecodeOptions options = new DecodeOptions(
                    0.5f, false, random.nextBoolean(), List.of(Merging.values()).get(random.nextInt(3)));
            Document document = new Document(
                    "w ".repeat(count), maxWidth, options, (start, width) -> scores[start * maxWidth + width]);
            document.limits = new WindowLimits(4 * maxWidth + random.nextInt(30), 1_000, random.nextInt(12));

            document.decode();

            assertThat(document.entities())
                    .as("seed %d, width %d, round %d, %s", SEED, maxWidth, round, document.limits)
                    .isEqualTo(SpanDecoder.decode(RowLogits.wrap(count, maxWidth, 1, scores), document.words, options));
        }
    }

    @Test
    void entitiesOfAllWindowsAreCountedBeforeTheyAreMade() throws TooManyEntitiesException {
        Document document = new Document("w ".repeat(100), 1, FLAT, (start, width) -> YES);
        document.maxEntities = 99;

        assertThatThrownBy(document::decode)
                .isInstanceOfSatisfying(
                        TooManyEntitiesException.class,
                        e -> assertThat(e.count()).isEqualTo(100));
    }

    @Test
    void onlyTheNextWindowAndItsOwnScoresAreTaken() {
        Document document = new Document("w ".repeat(100), 1, FLAT, (start, width) -> YES);
        TextWindows windows = document.windows();
        Window first = windows.next();
        Window second = windows.next();
        DocumentDecoder decoder = new DocumentDecoder(document.words, FLAT, PERSON, 1, 100);
        RowLogits logits = document.logits(second);

        assertThatThrownBy(() -> decoder.add(second, List.of(logits))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> decoder.add(first, List.of(logits, logits))).hasMessage("scores of 2 rows for 1");
        assertThatThrownBy(() -> decoder.add(first, List.of(RowLogits.wrap(40, 1, 2, new float[80]))))
                .hasMessageContaining("scores of 2 labels, for 1");
        assertThatThrownBy(() -> decoder.add(first, List.of(RowLogits.wrap(39, 1, 1, new float[39]))))
                .hasMessage("scores of 39 words for a text of 40 words");
    }

    /** Scores of a span, for the one label. */
    private interface Score {
        float of(int start, int width);
    }

    /** A text whose scores do not depend on its windows. */
    private static final class Document {
        private final Words words;
        private final int maxWidth;
        private final DecodeOptions options;
        private final Score score;
        private final List<Window> windows = new ArrayList<>();
        private final List<Decoded> decoded = new ArrayList<>();
        private WindowLimits limits = new WindowLimits(40, 1_000, 8);
        private long maxEntities = Long.MAX_VALUE;
        private DocumentDecoder decoder;

        private Document(String text, int maxWidth, DecodeOptions options, Score score) {
            this.words = WordSplitter.split(text);
            this.maxWidth = maxWidth;
            this.options = options;
            this.score = score;
            decoder = new DocumentDecoder(words, options, PERSON, maxWidth, maxEntities);
        }

        private TextWindows windows() {
            LabelGroups groups = LabelGroups.whole(FakeEncoder.prompt(1, 1));
            return new TextWindows(words, groups, new FakeEncoder(word -> 1), limits, maxWidth);
        }

        private void decode() throws TooManyEntitiesException {
            decoder = new DocumentDecoder(words, options, PERSON, maxWidth, maxEntities);
            TextWindows next = windows();
            while (next.hasNext()) {
                Window window = next.next();
                windows.add(window);
                decoded.add(decoder.add(window, List.of(logits(window))));
            }
        }

        private RowLogits logits(Window window) {
            int count = window.to() - window.from();
            float[] scores = new float[count * maxWidth];
            for (int i = 0; i < scores.length; i++) {
                int start = window.from() + i / maxWidth;
                int width = i % maxWidth;
                scores[i] = start + width < window.to() ? score.of(start, width) : Float.NaN;
            }
            return RowLogits.wrap(count, maxWidth, 1, scores);
        }

        private List<EntitySpan> entities() {
            return decoded.stream().flatMap(part -> part.entities().stream()).toList();
        }
    }
}
