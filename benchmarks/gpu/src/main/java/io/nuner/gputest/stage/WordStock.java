package io.nuner.gputest.stage;

import com.google.gson.JsonParser;
import io.nuner.engine.TokenRow;
import io.nuner.load.TextPool;
import io.nuner.model.NerModel;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The words of the load harness's texts in their order, and how many tokens each is. Immutable. */
final class WordStock {
    private static final String TEXTS = "texts.jsonl";

    private final List<String> words = new ArrayList<>();
    private final List<Integer> tokens = new ArrayList<>();

    private WordStock() {}

    static WordStock of(NerModel model) {
        WordStock stock = new WordStock();
        try (InputStream file = TextPool.class.getResourceAsStream(TEXTS)) {
            if (file == null) {
                throw new IllegalStateException(TEXTS + " is not part of the load harness");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = JsonParser.parseString(line)
                        .getAsJsonObject()
                        .get("text")
                        .getAsString();
                stock.add(WordSplitter.split(text), model);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stock;
    }

    private void add(Words text, NerModel model) {
        TokenRow row = model.encoder().encode(text, TestTexts.LABELS).row();
        for (int word = 0; word < text.count(); word++) {
            int start = row.wordToken(word);
            int end = word + 1 < text.count() ? row.wordToken(word + 1) : row.tokenCount() - 1;
            if (start != TokenRow.NO_TOKEN && end != TokenRow.NO_TOKEN) {
                words.add(text.word(word));
                tokens.add(end - start);
            }
        }
    }

    /** Words of together so many tokens from a random place on, leaving out what does not fit any more. */
    String text(int wanted, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int left = wanted;
        for (int place = random.nextInt(words.size()); left > 0; place = (place + 1) % words.size()) {
            if (tokens.get(place) <= left) {
                text.append(text.isEmpty() ? "" : " ").append(words.get(place));
                left -= tokens.get(place);
            }
        }
        return text.toString();
    }
}
