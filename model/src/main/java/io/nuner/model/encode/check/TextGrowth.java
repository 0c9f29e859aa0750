package io.nuner.model.encode.check;

import java.util.HashMap;
import java.util.Map;

/**
 * Upper bound of the characters that one character becomes under a chain of normalizers, told from the last to the first:
 * each call puts a normalizer in front of the earlier ones. One thread.
 */
final class TextGrowth {
    /** Characters that one may become; U+FDFA alone becomes 18. */
    static final long MOST = 64;

    private final Map<Integer, Long> special = new HashMap<>();
    private long other = 1;

    /** The normalizer makes up to this number of characters, of unknown kind, from each character. */
    void anyBecomes(long count) {
        other = count * largest();
        special.clear();
    }

    /** The normalizer puts a text between any two characters. */
    void insertedAnywhere(String text) {
        long added = sizeOf(text);
        special.replaceAll((character, size) -> size + added);
        other += added;
    }

    /** The normalizer replaces a text, which is not empty, by another. */
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
