package io.nuner.gputest.stage;

import io.nuner.engine.TokenRow;
import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.model.NerModel;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.WordSplitter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts of real words in rows of an exact number of tokens, taken from real texts from a random place on. The same
 * model and seed give the same texts. One thread at a time.
 */
final class TestTexts {
    /** What every text is asked for. */
    static final List<String> LABELS = List.of("person", "organization", "location", "product", "event");

    private static final int MIXED_TEXTS = 2048;
    private static final int SHORTEST_MIXED = 24;
    private static final int SHORTEST_FOR_PARITY = 20;
    private static final int LONGEST_FOR_PARITY = 60;

    private final NerModel model;
    private final WordStock stock;
    private final SplittableRandom random;
    private final int frameTokens;

    private TestTexts(NerModel model, WordStock stock, long seed) {
        this.model = model;
        this.stock = stock;
        this.random = new SplittableRandom(seed);
        frameTokens = model.encoder().encode(WordSplitter.split("a"), LABELS).promptTokens() + 1;
    }

    static TestTexts of(NerModel model, long seed) {
        return new TestTexts(model, WordStock.of(model), seed);
    }

    /** The rows of texts. */
    static List<TokenRow> rows(List<EncodedRequest> texts) {
        return texts.stream().map(EncodedRequest::row).toList();
    }

    /** Texts whose rows have this number of tokens, labels included. */
    List<EncodedRequest> ofLength(int tokens, int count) {
        List<EncodedRequest> texts = new ArrayList<>(count);
        while (texts.size() < count) {
            texts.add(text(tokens));
        }
        return texts;
    }

    /** A text for each length. */
    List<EncodedRequest> ofLengths(int[] lengths) {
        List<EncodedRequest> texts = new ArrayList<>(lengths.length);
        for (int length : lengths) {
            texts.add(text(length));
        }
        return texts;
    }

    /** Texts as traffic has them: lengths log-normal with the median 120. */
    List<EncodedRequest> mixed(BuildOptions build) {
        return ofLengths(Lengths.mixed(SHORTEST_MIXED, build.longestRow()).draw(MIXED_TEXTS, build.seed()));
    }

    /** Texts of about a sentence. */
    List<EncodedRequest> shortTexts(int count, int longest) {
        int most = Math.min(longest, LONGEST_FOR_PARITY);
        int least = Math.min(most, SHORTEST_FOR_PARITY);
        int[] lengths = random.ints(count, least, most + 1).toArray();
        return ofLengths(lengths);
    }

    private EncodedRequest text(int tokens) {
        if (tokens <= frameTokens) {
            throw new IllegalArgumentException(
                    "a row of " + tokens + " tokens has no room for a word: labels take " + frameTokens);
        }
        String text = stock.text(tokens - frameTokens, random);
        EncodedRequest encoded = model.encoder().encode(WordSplitter.split(text), LABELS);
        if (encoded.row().tokenCount() != tokens) {
            throw new IllegalStateException("a text meant for " + tokens + " tokens has "
                    + encoded.row().tokenCount());
        }
        return encoded;
    }
}
