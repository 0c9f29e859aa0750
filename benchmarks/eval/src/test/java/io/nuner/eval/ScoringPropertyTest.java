package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.eval.Labelled.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoringPropertyTest {
    private static final List<String> LABELS = List.of("city", "org", "person");

    @Test
    void figuresAreThoseOfTheDefinition() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Scoring scoring = new Scoring(LABELS);
            Definition definition = new Definition();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                AnnotatedText text = text(random);
                Set<Span> found = found(text, random);
                scoring.add(text, found);
                definition.add(text, found);
            }

            assertThat(scoring.entities().byLabel()).as("seed %d", seed).isEqualTo(definition.entities);
            assertThat(scoring.tokens().byLabel()).as("seed %d", seed).isEqualTo(definition.tokens);
        }
    }

    @Test
    void theGoldStandardItselfIsPerfect() {
        for (long seed = 0; seed < 200; seed++) {
            AnnotatedText text = text(new SplittableRandom(seed));
            Scoring scoring = new Scoring(LABELS);
            scoring.add(text, text.entities());

            assertThat(scoring.entities().micro()).as("seed %d", seed).isEqualTo(perfect(text.entities()));
            assertThat(scoring.tokens().micro()).as("seed %d", seed).isEqualTo(perfect(text.tokensIn(text.entities())));
        }
    }

    private static Counts perfect(Set<?> gold) {
        return new Counts(gold.size(), 0, 0);
    }

    private static AnnotatedText text(SplittableRandom random) {
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
    private static Set<Span> found(AnnotatedText text, SplittableRandom random) {
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

    /** The definition in the documentation, said again in another way: character by character, question by question. */
    private static final class Definition {
        private final Map<String, Counts> entities = new HashMap<>();
        private final Map<String, Counts> tokens = new HashMap<>();

        Definition() {
            for (String label : LABELS) {
                entities.put(label, Counts.NONE);
                tokens.put(label, Counts.NONE);
            }
        }

        void add(AnnotatedText text, Set<Span> found) {
            for (String label : LABELS) {
                for (int start = 0; start < text.text().length(); start++) {
                    addSpansFrom(start, label, text, found);
                }
                addTokens(label, text, found);
            }
        }

        private void addSpansFrom(int start, String label, AnnotatedText text, Set<Span> found) {
            for (int end = start + 1; end <= text.text().length(); end++) {
                Span span = new Span(start, end, label);
                count(entities, label, text.entities().contains(span), found.contains(span));
            }
        }

        private void addTokens(String label, AnnotatedText text, Set<Span> found) {
            int at = 0;
            for (String token : text.text().split(" ", -1)) {
                int end = at + token.length();
                count(tokens, label, covered(at, end, label, text.entities()), covered(at, end, label, found));
                at = end + 1;
            }
        }

        private static boolean covered(int start, int end, String label, Set<Span> spans) {
            return spans.stream()
                    .filter(span -> span.label().equals(label))
                    .anyMatch(span -> Math.max(start, span.start()) < Math.min(end, span.end()));
        }

        private static void count(Map<String, Counts> counts, String label, boolean gold, boolean found) {
            Counts one = new Counts(gold && found ? 1 : 0, !gold && found ? 1 : 0, gold && !found ? 1 : 0);
            counts.merge(label, one, Counts::plus);
        }
    }
}
