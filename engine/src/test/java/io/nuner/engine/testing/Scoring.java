package io.nuner.engine.testing;

import io.nuner.engine.TokenRow;

/** What a {@link FakeEngine} answers. Any thread. */
@FunctionalInterface
public interface Scoring {
    /**
     * The logit of a span that lies inside the text.
     *
     * @param start index of the first word
     * @param width words in the span minus one
     * @param label index of the label
     */
    float score(TokenRow row, int start, int width, int label);

    /** Scores between -4 and 4 that depend on the whole row, the span and the label, and on nothing else. */
    static Scoring fromContent() {
        return (row, start, width, label) -> {
            int hash = ((row.hashCode() * 31 + start) * 31 + width) * 31 + label;
            // the finalizer of MurmurHash3, so that neighbours differ
            hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
            hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
            hash ^= hash >>> 16;
            return hash / (float) (1L << 29);
        };
    }

    /** The same score everywhere. */
    static Scoring constant(float score) {
        return (row, start, width, label) -> score;
    }
}
