package io.nuner.eval;

import io.nuner.eval.Labelled.Span;
import io.nuner.eval.Labelled.Token;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A text as a server gets it, its tokens joined by one blank, with the entities it should find. Immutable. */
public final class AnnotatedText {
    private final String text;
    private final String place;
    private final int[] starts;
    private final int[] ends;
    private final Set<Span> entities;

    private AnnotatedText(Sentence sentence, LabelMap labels) {
        List<String> tokens = sentence.tokens();
        this.text = String.join(" ", tokens);
        this.place = sentence.place();
        this.starts = new int[tokens.size()];
        this.ends = new int[tokens.size()];
        int at = 0;
        for (int token = 0; token < tokens.size(); token++) {
            starts[token] = at;
            ends[token] = at + tokens.get(token).length();
            at = ends[token] + 1;
        }
        Set<Span> spans = new HashSet<>();
        for (TokenSpan entity : sentence.entities()) {
            span(entity, labels).ifPresent(spans::add);
        }
        this.entities = Set.copyOf(spans);
    }

    /** The text of a sentence, with the entities of those types that have a label. */
    static AnnotatedText of(Sentence sentence, LabelMap labels) {
        return new AnnotatedText(sentence, labels);
    }

    private Optional<Span> span(TokenSpan entity, LabelMap labels) {
        return labels.label(entity.type())
                .map(label -> new Span(starts[entity.first()], ends[entity.end() - 1], label));
    }

    public String text() {
        return text;
    }

    /** Where it stands in its file, for messages. */
    public String place() {
        return place;
    }

    /** Number of its tokens. */
    public int words() {
        return starts.length;
    }

    Set<Span> entities() {
        return entities;
    }

    /** The tokens of which the spans hold at least one character, once for each label. */
    Set<Token> tokensIn(Collection<Span> spans) {
        Set<Token> tokens = new HashSet<>();
        for (Span span : spans) {
            for (int token = firstEndingAfter(span.start()); isBefore(token, span.end()); token++) {
                tokens.add(new Token(token, span.label()));
            }
        }
        return tokens;
    }

    private boolean isBefore(int token, int end) {
        return token < starts.length && starts[token] < end;
    }

    private int firstEndingAfter(int start) {
        int found = Arrays.binarySearch(ends, start + 1);
        return found < 0 ? -found - 1 : found;
    }
}
