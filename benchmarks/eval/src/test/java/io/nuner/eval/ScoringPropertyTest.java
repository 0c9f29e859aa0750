package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.eval.Labelled.Span;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoringPropertyTest {
    @Test
    void figuresAreThoseOfTheDefinition() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Scoring scoring = new Scoring(RandomTexts.LABELS);
            Definition definition = new Definition();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                AnnotatedText text = RandomTexts.text(random);
                Set<Span> found = RandomTexts.found(text, random);
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
            AnnotatedText text = RandomTexts.text(new SplittableRandom(seed));
            Scoring scoring = new Scoring(RandomTexts.LABELS);
            scoring.add(text, text.entities());

            assertThat(scoring.entities().micro()).as("seed %d", seed).isEqualTo(perfect(text.entities()));
            assertThat(scoring.tokens().micro()).as("seed %d", seed).isEqualTo(perfect(text.tokensIn(text.entities())));
        }
    }

    private static Counts perfect(Set<?> gold) {
        return new Counts(gold.size(), 0, 0);
    }

    /** The definition in the documentation, said again in another way: character by character, question by question. */
    private static final class Definition {
        private final Map<String, Counts> entities = new HashMap<>();
        private final Map<String, Counts> tokens = new HashMap<>();

        Definition() {
            for (String label : RandomTexts.LABELS) {
                entities.put(label, Counts.NONE);
                tokens.put(label, Counts.NONE);
            }
        }

        void add(AnnotatedText text, Set<Span> found) {
            for (String label : RandomTexts.LABELS) {
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
