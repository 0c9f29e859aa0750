package io.nuner.eval;

import io.nuner.eval.Labelled.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Short annotated texts of three labels, and what a server might find in them. */
final class RandomTexts {
    static final List<String> LABELS = List.of("city", "org", "person");

    private RandomTexts() {}

    static AnnotatedText text(SplittableRandom random) {
        List<String> tokens = new ArrayList<>();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            tokens.add("x".repeat(random.nextInt(1, 4)));
        }
        List<TokenSpan> entities = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int first = random.nextInt(tokens.size());
            int end = random.nextInt(first + 1, tokens.size() + 1);
            entities.add(new TokenSpan(first, end, LABELS.get(random.nextInt(LABELS.size()))));
        }
        return AnnotatedText.of(new Sentence(tokens, entities, "f:1"), LabelMap.of(Map.of()));
    }

    /** Some gold entities and some ranges of characters. */
    static Set<Span> found(AnnotatedText text, SplittableRandom random) {
        Set<Span> found = new HashSet<>();
        for (Span gold : text.entities()) {
            if (random.nextBoolean()) {
                found.add(gold);
            }
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            int start = random.nextInt(text.text().length());
            int end = random.nextInt(start + 1, text.text().length() + 1);
            found.add(new Span(start, end, LABELS.get(random.nextInt(LABELS.size()))));
        }
        return found;
    }
}
