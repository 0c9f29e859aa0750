package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8TextTest {
    @Test
    void aByteOrderMarkIsNoText() throws Exception {
        assertThat(decode("\uFEFFné\n\uFEFF")).isEqualTo("né\n\uFEFF");
        assertThat(decode("")).isEmpty();
    }

    @Test
    void theLineThatIsNoUtf8IsTold() {
        byte[] text = "né\nnée\nnez\n".getBytes(StandardCharsets.UTF_8);
        text[text.length - 3] = (byte) 0xFF;

        assertThatExceptionOfType(Utf8Text.InvalidLineException.class)
                .isThrownBy(() -> Utf8Text.decode(text))
                .satisfies(failure -> assertThat(failure.line()).isEqualTo(3));
    }

    @Test
    void aCharacterThatIsCutOffAtTheEndIsNoUtf8() {
        byte[] cut = {'a', '\n', (byte) 0xC3};

        assertThatExceptionOfType(Utf8Text.InvalidLineException.class)
                .isThrownBy(() -> Utf8Text.decode(cut))
                .satisfies(failure -> assertThat(failure.line()).isEqualTo(2));
    }

    private static String decode(String text) throws Utf8Text.InvalidLineException {
        return Utf8Text.decode(text.getBytes(StandardCharsets.UTF_8));
    }
}
