package io.nuner.model.encode.check;

import java.util.HashMap;
import java.util.Map;

/**
 * Upper bound of what one character becomes under a chain of normalizers, which are told from the last to the first. One
 * thread.
 */
final class TextGrowth {
    /** Characters that one may become; U+FDFA alone becomes 18. */
    static final long MOST = 64;

    private final Map<Integer, Long> special = new HashMap<>();
    private long other = 1;

    /** Before those told so far, each character becomes up to so many others, and nobody knows which. */
    void anyBecomes(long count) {
        other = count * largest();
        special.clear();
    }

    /** Before those told so far, a text is put into each place between characters. */
    void insertedAnywhere(String text) {
        long added = sizeOf(text);
        special.replaceAll((character, size) -> size + added);
        other += added;
    }

    /** Before those told so far, one text replaces another, which is not empty. */
    void replaced(String found, String replacement) {
        int first = found.codePointAt(0);
        special.put(first, Math.max(sizeOf(first), sizeOf(replacement)));
    }

    boolean isBounded() {
        return largest() <= MOST;
    }

    private long largest() {
        return special.values().stream().mapToLong(Long::longValue).reduce(other, Math::max);
    }

    private long sizeOf(String text) {
        return text.codePoints().mapToLong(this::sizeOf).sum();
    }

    private long sizeOf(int character) {
        return special.getOrDefault(character, other);
    }
}
