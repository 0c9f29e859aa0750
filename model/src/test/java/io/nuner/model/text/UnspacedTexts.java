package io.nuner.model.text;

import io.nuner.model.testing.RandomTexts;
import java.util.Random;

/** Seeded source of texts in scripts with and without spaces, lone surrogates included. One thread at a time. */
final class UnspacedTexts {
    private static final String[] PIECES = {
        "\u6771\u4eac\u3078\u884c\u304f",
        "\u6211\u4f4f\u5728\u5317\u4eac",
        "\u30ab\u30bf\u30ab\u30ca",
        "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e04\u0e23\u0e31\u0e1a",
        "\u0e35",
        "\u0e82\u0ec9\u0ead\u0e8d\u0ea2\u0eb9\u0ec8",
        "\u1781\u17d2\u1789\u17bb\u17c6\u179a\u179f\u17cb\u1793\u17c5",
        "\u1000\u103b\u103d\u1014\u103a\u1010\u1031\u102c\u103a",
        "\ud842\udfb7",
        "\u845b\udb40\udd00\u57ce",
        "\u304b\u3099"
    };

    private final RandomTexts others;
    private final Random random;

    UnspacedTexts(long seed) {
        others = new RandomTexts(seed);
        random = new Random(seed);
    }

    String next() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(10); left > 0; left--) {
            text.append(random.nextInt(8) == 0 ? others.nextWithLoneSurrogates(4) : others.next(2));
            text.append(random.nextInt(3) == 0 ? "" : PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
