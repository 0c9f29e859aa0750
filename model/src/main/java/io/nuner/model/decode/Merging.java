package io.nuner.model.decode;

/**
 * Which neighbouring entities of one label become one. The joined entity has the start and the score of its first part.
 * Immutable. Any thread.
 *
 * <p>Neighbours follow each other in the list of entities; where a span may carry several labels, in the list of the entities
 * of their label.
 */
public enum Merging {
    /** None: entities stay as the model scored them. */
    NONE {
        @Override
        boolean bridges(String text, int from, int to) {
            return false;
        }
    },
    /** Neighbours with at most one code point between them, any one: merge_entities of the NuNER Zero model card. */
    ADJACENT {
        @Override
        boolean bridges(String text, int from, int to) {
            return from == to || isOneCodePoint(text, from, to);
        }
    },
    /** Neighbours with nothing between them, or one space character of the Unicode category Zs. */
    CONSECUTIVE {
        @Override
        boolean bridges(String text, int from, int to) {
            return from == to
                    || (isOneCodePoint(text, from, to)
                            && Character.getType(text.codePointAt(from)) == Character.SPACE_SEPARATOR);
        }
    };

    /** What suits a model whose widest span has so many words: one that scores single words leaves it to us to join them. */
    public static Merging byDefault(int maxWidth) {
        return maxWidth == 1 ? ADJACENT : NONE;
    }

    /** Whether neighbours with the text from {@code from} to {@code to}, UTF-16 indices, between them become one. */
    abstract boolean bridges(String text, int from, int to);

    private static boolean isOneCodePoint(String text, int from, int to) {
        return from < to && from + Character.charCount(text.codePointAt(from)) == to;
    }
}
