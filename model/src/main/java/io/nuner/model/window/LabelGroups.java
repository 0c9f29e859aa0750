package io.nuner.model.window;

import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the labels of a request go into rows: all in one prompt, or in groups of neighbours, with one row for each. Immutable.
 *
 * <p>Labels leave enough room if the whole text fits beside them, or else if a quarter of the row remains for text, its
 * closing token included: {@link #roomForLabels} tells how many tokens they may have then.
 *
 * @param prompts the groups, in the order of the labels
 */
public record LabelGroups(List<Prompt> prompts) {
    /** The part of a row that is kept for text which does not fit at once. */
    private static final int PARTS = 4;

    /** A token of text and the closing one. */
    private static final int LEAST_ROOM = 2;

    public LabelGroups {
        prompts = List.copyOf(prompts);
    }

    /**
     * Tokens that the prompt may have in a row: what a quarter of the row leaves, or what the text leaves if that is more. Looks at
     * the text only if the prompt has more than the former, and tokenizes only the words that decide it.
     */
    public static int roomForLabels(Prompt prompt, Words words, TextEncoder encoder, int maxTokens) {
        int quarter = Math.max(LEAST_ROOM, maxTokens / PARTS);
        boolean leavesIt = prompt.rowTokens() <= maxTokens - quarter;
        return maxTokens - (leavesIt ? quarter : Math.min(quarter, tokens(words, encoder, quarter)));
    }

    /** Tokens of the text and the closing one, at least two; if they are more than {@code enough}, any number above it. */
    private static int tokens(Words words, TextEncoder encoder, int enough) {
        int tokens = 1;
        for (int from = 0; from < words.count() && tokens < enough; ) {
            int to = Math.min(words.count(), from + enough);
            tokens += encoder.pieces(words.range(from, to)).tokens();
            from = to;
        }
        return Math.max(LEAST_ROOM, tokens);
    }

    /** All labels in one group. */
    public static LabelGroups whole(Prompt prompt) {
        return new LabelGroups(List.of(prompt));
    }

    /**
     * Groups of at most that many tokens, each of as many labels as fit; nothing if a label does not even fit alone, which
     * {@link #tooLong} names.
     */
    public static Optional<LabelGroups> split(Prompt prompt, int roomForLabels) {
        if (tooLong(prompt, roomForLabels).isPresent()) {
            return Optional.empty();
        }
        List<Prompt> groups = new ArrayList<>();
        for (int from = 0; from < prompt.labels(); ) {
            int to = from + 1;
            int tokens = prompt.range(from, to).rowTokens();
            while (to < prompt.labels() && tokens + prompt.rowTokens(to) <= roomForLabels) {
                tokens += prompt.rowTokens(to);
                to++;
            }
            groups.add(prompt.range(from, to));
            from = to;
        }
        return Optional.of(new LabelGroups(groups));
    }

    /** The first label, if any, that has too many tokens even in a prompt of its own. */
    public static Optional<TooLong> tooLong(Prompt prompt, int roomForLabels) {
        for (int label = 0; label < prompt.labels(); label++) {
            int tokens = prompt.range(label, label + 1).rowTokens();
            if (tokens > roomForLabels) {
                return Optional.of(new TooLong(label, tokens));
            }
        }
        return Optional.empty();
    }

    /** Tokens of the longest prompt. */
    public int longest() {
        return prompts.stream().mapToInt(Prompt::rowTokens).max().orElse(0);
    }

    /**
     * A label that has too many tokens for a row.
     *
     * @param label its index
     * @param tokens of a prompt that holds this label only
     */
    public record TooLong(int label, int tokens) {}
}
