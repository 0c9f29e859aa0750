package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.RowLogits;
import io.nuner.model.ModelException;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Texts and labels made to be slow, through all that is done for a text but the engine: words, tokens, entities, offsets.
 * Nothing costs more than linear time.
 */
class HostileTextTest {
    private static final Path TOKENIZER = Path.of("..", "model", "demo", "tokenizer.json");
    private static final int MAX_WORDS = 384;
    private static final int LABELS = 100;
    private static final int LABEL_BYTES = 256;
    /** Far above what is seen, far below what a quadratic step would take. */
    private static final double MOST_NANOS_PER_BYTE = 20_000;

    private static final Map<String, String> PIECES = new TreeMap<>(Map.ofEntries(
            Map.entry("one letter", "A"),
            Map.entry("joined by hyphens", "a-"),
            Map.entry("low lines", "_"),
            Map.entry("digits", "7"),
            Map.entry("full stops", "."),
            Map.entry("blanks", " "),
            Map.entry("line breaks", "\r\n"),
            Map.entry("controls", "\u0001"),
            Map.entry("NUL", "\u0000"),
            Map.entry("combining marks", "\u0301"),
            Map.entry("a letter under marks", "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308"),
            Map.entry("Devanagari", "\u0928\u092e\u0938\u094d\u0924\u0947"),
            Map.entry("Hangul jamo", "\u1112\u1161\u11ab"),
            Map.entry("CJK", "\u65e5\u672c\u8a9e"),
            Map.entry("right to left", "\u05e9\u05c1\u202e\u0645"),
            Map.entry("joined emoji", "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67"),
            Map.entry("flags", "\ud83c\udde9\ud83c\uddf0"),
            Map.entry("tags", "\udb40\udc61"),
            Map.entry("private use", "\ue000"),
            Map.entry("lone surrogates", "\ud800x"),
            Map.entry("one that becomes eighteen", "\ufdfa"),
            Map.entry("ligatures", "\ufb03"),
            Map.entry("zero width", "\u200b\u200d\ufeff"),
            Map.entry("markers", "<<ENT>>[SEP]"),
            Map.entry("alternating case", "aB"),
            Map.entry("base64", "QmFzZTY0+/=")));

    private static SubwordTokenizer tokenizer;

    @BeforeAll
    static void open() throws ModelException {
        tokenizer = SubwordTokenizer.open(TOKENIZER);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void noTextIsSlow() {
        for (Map.Entry<String, String> piece : PIECES.entrySet()) {
            String text = filled(piece.getValue(), 10_000);
            assertThat(least(() -> nanosPerByte(text))).as(piece.getKey()).isLessThan(MOST_NANOS_PER_BYTE);
        }
    }

    @Test
    void noLabelsAreSlow() {
        for (Map.Entry<String, String> piece : PIECES.entrySet()) {
            assertThat(least(() -> labelNanosPerByte(piece.getValue())))
                    .as(piece.getKey())
                    .isLessThan(MOST_NANOS_PER_BYTE);
        }
    }

    /** Of several tries: the machine may be busy, and what is slow by its nature is slow in all of them. */
    private static double least(DoubleSupplier measured) {
        return DoubleStream.generate(measured).limit(5).min().orElseThrow();
    }

    @Test
    @Tag("long")
    void figures() {
        nanosPerByteOf(filled("warming up ", 100_000), 20);
        List<Double> all = new ArrayList<>();
        for (Map.Entry<String, String> piece : PIECES.entrySet()) {
            double quarter = nanosPerByteOf(filled(piece.getValue(), 25_000), 9);
            double whole = nanosPerByteOf(filled(piece.getValue(), 100_000), 9);
            double labels = median(9, () -> labelNanosPerByte(piece.getValue()));
            all.add(whole);
            System.out.printf(
                    "row 13: %-26s %8.1f ns/byte at 25 kB, %8.1f at 100 kB (%6.2f ms), labels %8.1f ns/byte%n",
                    piece.getKey(), quarter, whole, whole / 10, labels);
            assertThat(whole).as(piece.getKey()).isLessThan(MOST_NANOS_PER_BYTE);
        }
        all.sort(Double::compare);
        System.out.printf(
                "row 13: %d texts of 100 kB, median %.1f ns/byte, worst %.1f ns/byte%n",
                all.size(), all.get(all.size() / 2), all.get(all.size() - 1));
    }

    private static double nanosPerByteOf(String text, int rounds) {
        return median(rounds, () -> nanosPerByte(text));
    }

    private static double median(int rounds, DoubleSupplier measured) {
        double[] all = new double[rounds];
        Arrays.setAll(all, round -> measured.getAsDouble());
        Arrays.sort(all);
        return all[rounds / 2];
    }

    private static double nanosPerByte(String text) {
        RequestEncoder encoder = new RequestEncoder(tokenizer);
        long start = System.nanoTime();
        Words words = WordSplitter.split(text).first(MAX_WORDS);
        if (words.count() > 0) {
            EncodedRequest row = encoder.encode(words, List.of("person", "place"));
            float[] scores = new float[2 * words.count()];
            Arrays.fill(scores, 3f);
            RowLogits logits = RowLogits.wrap(words.count(), 1, 2, scores);
            OffsetConverter offsets = new OffsetConverter(text, OffsetUnit.UTF8_BYTE);
            SpanDecoder.decode(logits, row.words(), new DecodeOptions(0.5f, true, true, Merging.CONSECUTIVE))
                    .forEach(entity -> offsets.convert(entity.end()));
        }
        return (double) (System.nanoTime() - start) / text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A hundred labels of the longest size, told apart by their ends, which the tokenizer has not seen before. */
    private static double labelNanosPerByte(String piece) {
        LabelRules rules = new LabelRules();
        long salt = System.nanoTime();
        List<String> labels = new ArrayList<>();
        for (int label = 0; label < LABELS; label++) {
            labels.add(filled(piece, LABEL_BYTES - 32) + " " + salt + "x" + label);
        }
        long start = System.nanoTime();
        if (rules.check(labels).isEmpty()) {
            assertThat(new RequestEncoder(tokenizer)
                            .prompt(labels.stream().map(rules::toPrompt).toList())
                            .labels())
                    .isEqualTo(LABELS);
        }
        return (double) (System.nanoTime() - start) / (LABELS * LABEL_BYTES);
    }

    private static String filled(String piece, int bytes) {
        int size = piece.getBytes(StandardCharsets.UTF_8).length;
        return piece.repeat(Math.max(1, bytes / size));
    }
}
