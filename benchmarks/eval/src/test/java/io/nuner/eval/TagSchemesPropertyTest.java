package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TagSchemesPropertyTest {
    private static final int TOKENS = 12;

    @Test
    void whatASchemeWritesIsReadBack() {
        for (long seed = 0; seed < 2_000; seed++) {
            List<TokenSpan> spans = spans(new SplittableRandom(seed));
            for (Scheme scheme : Scheme.values()) {
                assertThat(TagDecoder.spans(scheme.write(spans)))
                        .as("seed %d, %s", seed, scheme)
                        .isEqualTo(spans);
            }
        }
    }

    /** Spans side by side, often without a gap, of two types. */
    private static List<TokenSpan> spans(SplittableRandom random) {
        List<TokenSpan> spans = new ArrayList<>();
        int at = random.nextInt(3);
        while (at < TOKENS) {
            int end = Math.min(TOKENS, at + 1 + random.nextInt(3));
            spans.add(new TokenSpan(at, end, random.nextBoolean() ? "PER" : "LOC"));
            at = end + random.nextInt(3);
        }
        return spans;
    }

    private enum Scheme {
        IOB1,
        BIO,
        BIOES,
        BILOU;

        List<Tag> write(List<TokenSpan> spans) {
            List<Tag> tags = new ArrayList<>(Collections.nCopies(TOKENS, Tag.OUTSIDE));
            TokenSpan before = new TokenSpan(0, 1, "none");
            for (TokenSpan span : spans) {
                boolean touches = before.end() == span.first() && before.type().equals(span.type());
                for (int token = span.first(); token < span.end(); token++) {
                    boolean first = token == span.first();
                    boolean last = token == span.end() - 1;
                    tags.set(token, new Tag(role(first, last, touches), span.type()));
                }
                before = span;
            }
            return tags;
        }

        private char role(boolean first, boolean last, boolean touches) {
            return switch (this) {
                case IOB1 -> first && touches ? 'B' : 'I';
                case BIO -> first ? 'B' : 'I';
                case BIOES -> first && last ? 'S' : first ? 'B' : last ? 'E' : 'I';
                case BILOU -> first && last ? 'U' : first ? 'B' : last ? 'L' : 'I';
            };
        }
    }
}
