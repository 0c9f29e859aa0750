package io.nuner.model.testing;

import io.nuner.engine.RowLogits;
import java.util.List;

/**
 * What the reference made of one text and its labels. Immutable.
 *
 * @param words all words of the text, those beyond the model's limit included; none for a blank text
 * @param inputIds the whole token row
 * @param firstSubtoken position of each word's first token, or -1: prompt words first, then the used words of the text; empty
 *     where the reference did not record it
 * @param logits scores of the used words, NaN where the span runs past the text; of one pseudo-word for a blank text
 */
public record FixtureCase(
        String text,
        List<String> labels,
        List<FixtureWord> words,
        List<Integer> inputIds,
        List<Integer> firstSubtoken,
        RowLogits logits,
        List<FixturePrediction> predictions) {

    public FixtureCase {
        labels = List.copyOf(labels);
        words = List.copyOf(words);
        inputIds = List.copyOf(inputIds);
        firstSubtoken = List.copyOf(firstSubtoken);
        predictions = List.copyOf(predictions);
    }

    /** True if the text holds no word. */
    public boolean isBlank() {
        return words.isEmpty();
    }

    /** Words the model saw: all of them, or as many as its limit allows. */
    public int usedWords() {
        return isBlank() ? 0 : logits.words();
    }

    /** The position of the first token of each used word of the text, or -1; empty where not recorded. */
    public List<Integer> wordTokens() {
        int promptWords = 2 * labels.size() + 1;
        return firstSubtoken.isEmpty() ? List.of() : firstSubtoken.subList(promptWords, promptWords + usedWords());
    }

    /** Short: a failing test prints it. */
    @Override
    public String toString() {
        return "FixtureCase[" + text.substring(0, Math.min(60, text.length())) + ", labels=" + labels + "]";
    }
}
