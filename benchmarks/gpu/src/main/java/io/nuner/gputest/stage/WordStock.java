package io.nuner.gputest.stage;

import io.nuner.engine.TokenRow;
import io.nuner.load.TextPool;
import io.nuner.model.NerModel;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The words of the load harness's texts in their order, with the tokens of each. Immutable. */
final class WordStock {
    private final List<String> words = new ArrayList<>();
    private final List<Integer> tokens = new ArrayList<>();

    private WordStock() {}

    static WordStock of(NerModel model) {
        WordStock stock = new WordStock();
        TextPool.bundled().texts().forEach(text -> stock.add(WordSplitter.split(text), model));
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

    /** Words of {@code wanted} tokens together, from a random place on; skips words that no longer fit. */
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
