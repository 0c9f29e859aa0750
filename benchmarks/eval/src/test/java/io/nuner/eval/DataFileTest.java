package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFileTest {
    @TempDir
    private Path directory;

    @Test
    void theSumIsThatOfTheBytes() throws Exception {
        DataFile file = DataFile.read(Files.writeString(directory.resolve("f"), "abc"));

        assertThat(file.content()).isEqualTo("abc");
        assertThat(file.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aByteOrderMarkIsNoText() throws Exception {
        assertThat(DataFile.read(Files.writeString(directory.resolve("f"), "\uFEFFabc"))
                        .content())
                .isEqualTo("abc");
    }

    @Test
    void theLineThatIsNotUtf8IsNamed() throws IOException {
        Path file = Files.write(directory.resolve("f"), "a\nb\né".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> DataFile.read(file)).hasMessage(file + ":3 is not valid UTF-8");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> DataFile.read(directory.resolve("absent")))
                .hasMessage(directory.resolve("absent") + " cannot be read: not found");
    }

    @ParameterizedTest
    @CsvSource({
        "'Ada B-PER\n', conll",
        "'\n# comment\n-DOCSTART- O\n[\tO\n', conll",
        "' [{}]', gliner",
        "'{\"tokenized_text\": []}', gliner"
    })
    void theBeginningTellsTheFormat(String content, String format) throws DataException {
        DataFormat found = DataFormat.AUTO.resolved(new DataFile("f", content, ""), Columns.DEFAULT);

        assertThat(found).hasToString(format);
    }

    @ParameterizedTest
    @CsvSource({"''", "'Once upon a time.'", "'O'"})
    void anUnknownFormatIsSaidToBeOne(String content) {
        assertThatThrownBy(() -> DataFormat.AUTO.read(new DataFile("f", content, ""), Columns.DEFAULT))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f is of unknown format");
    }
}
