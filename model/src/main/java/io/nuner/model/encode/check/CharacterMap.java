package io.nuner.model.encode.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * Check of a precompiled_charsmap, SentencePiece's table of replacements: the size of a trie, the trie as a double array of
 * darts-clone, and replacements that each end with a NUL. One thread.
 *
 * <p>The native library follows the table unchecked, and ends the process where it points outside. So this check takes every
 * step that any text can lead to.
 */
final class CharacterMap {
    private static final int MAX_BYTES = 2 << 20;
    private static final int MAX_REPLACEMENT = 256;
    private static final int LAST_BYTE = 0xFF;
    private static final int LABEL = (1 << 31) | LAST_BYTE;

    private final int[] units;
    private final byte[] replacements;
    private int longest = 1;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Checks a table.
     *
     * @return code points of the longest replacement of one character, at least 1
     * @throws TokenizerRefused if a text could lead outside of it, or it is too large
     */
    static int longestReplacement(String base64) throws TokenizerRefused {
        ByteBuffer map = ByteBuffer.wrap(decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        if (map.remaining() < Integer.BYTES) {
            throw refused("is empty");
        }
        long trieBytes = Integer.toUnsignedLong(map.getInt());
        if (trieBytes == 0 || trieBytes % Integer.BYTES != 0 || trieBytes > map.remaining()) {
            throw refused("has a trie of " + trieBytes + " bytes in the " + map.remaining() + " that follow");
        }
        int[] units = new int[(int) (trieBytes / Integer.BYTES)];
        map.asIntBuffer().get(units);
        map.position(map.position() + (int) trieBytes);
        byte[] replacements = new byte[map.remaining()];
        map.get(replacements);
        requireUtf8(replacements);
        CharacterMap checked = new CharacterMap(units, replacements);
        checked.walk();
        return checked.longest;
    }

    private static byte[] decode(String base64) throws TokenizerRefused {
        if (base64.length() > MAX_BYTES / 3 * 4) {
            throw refused("is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw refused("is no base64");
        }
    }

    private static void requireUtf8(byte[] replacements) throws TokenizerRefused {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw refused("has replacements that are no UTF-8");
        }
    }

    /** Visits every place of the trie that any text can reach. */
    private void walk() throws TokenizerRefused {
        BitSet seen = new BitSet(units.length);
        Deque<Integer> open = new ArrayDeque<>();
        visit(offset(units[0]), seen, open);
        while (!open.isEmpty()) {
            int place = open.remove();
            for (int next = 1; next <= LAST_BYTE; next++) {
                int unit = unit(place ^ next);
                if ((unit & LABEL) == next) {
                    int target = place ^ next ^ offset(unit);
                    if (hasReplacement(unit)) {
                        checkReplacement(unit(target) & Integer.MAX_VALUE);
                    }
                    visit(target, seen, open);
                }
            }
        }
    }

    private static void visit(int place, BitSet seen, Deque<Integer> open) {
        if (!seen.get(place)) {
            seen.set(place);
            open.add(place);
        }
    }

    private int unit(int place) throws TokenizerRefused {
        if (place >= units.length) {
            throw refused("points outside its trie");
        }
        return units[place];
    }

    private void checkReplacement(int start) throws TokenizerRefused {
        if (start > replacements.length || (start < replacements.length && isInsideOfACharacter(replacements[start]))) {
            throw refused("points outside its replacements");
        }
        int codePoints = 0;
        for (int at = start; at < replacements.length && replacements[at] != 0; at++) {
            codePoints += isInsideOfACharacter(replacements[at]) ? 0 : 1;
            if (at - start == MAX_REPLACEMENT) {
                throw refused("has a replacement of more than " + MAX_REPLACEMENT + " bytes");
            }
        }
        longest = Math.max(longest, codePoints);
    }

    private static boolean isInsideOfACharacter(byte utf8) {
        return (utf8 & 0xC0) == 0x80;
    }

    private static boolean hasReplacement(int unit) {
        return ((unit >>> 8) & 1) == 1;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private static TokenizerRefused refused(String problem) {
        return new TokenizerRefused("precompiled_charsmap " + problem);
    }
}
