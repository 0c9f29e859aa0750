package io.nuner.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WordCharactersTest {
    /** Printed by src/main/python/word_characters.py --digest under Python 3.11.7. */
    private static final String PYTHON_DIGEST = "d157e6cb91fbeb36ce10ce3df07b452de73da27ecc9874cf502b9c581605578b";

    @Test
    void everyCodePointIsSplitAsPythonSplitsIt() throws NoSuchAlgorithmException {
        StringBuilder letters = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            letters.append(letter(codePoint));
        }

        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(letters.toString().getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(PYTHON_DIGEST);
    }

    /** A word character fuses with a letter before it; another character stands alone; a space is no word. */
    private static char letter(int codePoint) {
        int words = WordSplitter.split("a" + Character.toString(codePoint)).count();
        if (words == 2) {
            return 'o';
        }
        return WordSplitter.split(Character.toString(codePoint)).count() == 1 ? 'w' : 's';
    }
}
