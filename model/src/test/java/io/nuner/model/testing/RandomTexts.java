package io.nuner.model.testing;

import java.util.Random;

/** Seeded source of texts that mix scripts, marks, astral characters, white space, joiners and controls. One thread at a time. */
public final class RandomTexts {
    private static final String[] PIECES = {
        "Marta",
        "x",
        "a_b",
        "-",
        "--",
        "_",
        " ",
        "  ",
        "\n",
        "\t",
        "\u001c",
        "\u00a0",
        "\u200b",
        ".",
        ",",
        "<<ENT>>",
        "[SEP]",
        "e\u0301",
        "\u0301",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\u05e9\u05c1\u05dc\u05d5\u05dd",
        "\u0645\u0631\u062d\u0628\u0627",
        "\u65e5\u672c\u8a9e",
        "\ud83d\ude00",
        "\ud83d\ude00\u200d\ud83d\ude00",
        "\ud835\udc04",
        "\ufb01",
        "\uff12\uff10",
        "\u2122",
        "\u0001",
        "\u007f",
        "\ufeff",
        "1998",
        "\u00bd",
        "\u2167",
        "caf\u00e9"
    };

    private final Random random;

    public RandomTexts(long seed) {
        random = new Random(seed);
    }

    /** A text of at most {@code pieces} pieces. */
    public String next(int pieces) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(pieces + 1); left > 0; left--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** The same with any UTF-16 units in between, lone surrogates included. */
    public String nextWithLoneSurrogates(int pieces) {
        StringBuilder text = new StringBuilder(next(pieces));
        for (int left = random.nextInt(4); left > 0; left--) {
            char surrogate = (char) (Character.MIN_SURROGATE + random.nextInt(0x800));
            text.insert(random.nextInt(text.length() + 1), surrogate);
        }
        return text.toString();
    }
}
