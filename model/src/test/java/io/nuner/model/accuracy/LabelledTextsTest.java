package io.nuner.model.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledTextsTest {
    private static final String GOOD = "{\"text\": \"Ada met Tuan.\", \"labels\": [\"person\"]}\n";

    @TempDir
    private Path directory;

    private Path file = Path.of("unset");

    @BeforeEach
    void nameFile() {
        file = directory.resolve("texts.jsonl");
    }

    @Test
    void readsOneTextALine() throws Exception {
        Files.writeString(
                file, "\uFEFF" + GOOD + "\n  \n{\"labels\":[\"Ort\",\"Zeit\"],\"note\":7,\"text\":\"Köln, 1900\"}");

        assertThat(LabelledTexts.read(file))
                .containsExactly(
                        new LabelledText("Ada met Tuan.", List.of("person")),
                        new LabelledText("Köln, 1900", List.of("Ort", "Zeit")));
    }

    @Test
    void theBundledTextsHaveSeveralLengthsAndNumbersOfLabels() {
        List<LabelledText> texts = LabelledTexts.bundled();

        assertThat(texts).hasSizeBetween(100, 200).doesNotHaveDuplicates();
        assertThat(texts).extracting(text -> text.labels().size()).contains(1, 2, 5, 10, 20);
        assertThat(texts).extracting(text -> text.text().length() / 100).contains(0, 1, 2, 6, 13);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'text': 'a', 'labels': ['b'] | is not valid JSON",
                "{'text': 'a', 'labels': ['b']} x | is not valid JSON",
                "{text: 'a', 'labels': ['b']} | is not valid JSON",
                "['a'] | is no JSON object",
                "{'labels': ['b']} | needs a string \"text\"",
                "{'text': 7, 'labels': ['b']} | needs a string \"text\"",
                "{'text': ' ', 'labels': ['b']} | text holds no word",
                "{'text': 'a'} | needs an array \"labels\"",
                "{'text': 'a', 'labels': 'b'} | needs an array \"labels\"",
                "{'text': 'a', 'labels': []} | labels is empty",
                "{'text': 'a', 'labels': ['b', null]} | labels[1] is no string",
                "{'text': 'a', 'labels': ['b', ' ']} | labels[1] is empty, or holds nothing but white space",
                "{'text': 'a', 'labels': ['b', '<<ENT>>']} | labels[1] contains <<ENT>>, which is a token of the model",
                "{'text': 'a', 'labels': ['b', 'c', 'B']} | labels[2] gives the model the same tokens as labels[0]"
            })
    void whatIsWrongWithALineIsSaidWithItsNumber(String line, String problem) throws IOException {
        Files.writeString(file, GOOD + "\n" + line.replace('\'', '"') + "\n" + GOOD);

        assertRefused(file + ":3: " + problem);
    }

    @Test
    void aTextThatIsTooLongIsRefused() throws IOException {
        Files.writeString(file, GOOD + "{\"text\": \"" + "ä ".repeat(22_000) + "\", \"labels\": [\"b\"]}");

        assertRefused(file + ":2: text has 66000 bytes of UTF-8, more than 65536");
    }

    @Test
    void tooManyLabelsAndTooLongOnesAreRefused() throws IOException {
        String labels = IntStream.range(0, 101).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        Files.writeString(file, "{\"text\": \"a\", \"labels\": [" + labels + "]}");
        assertRefused(file + ":1: labels has 101 entries, more than 100");

        Files.writeString(file, "{\"text\": \"a\", \"labels\": [\"" + "b".repeat(257) + "\"]}");
        assertRefused(file + ":1: labels[0] has 257 bytes of UTF-8, more than 256");
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedWithTheirLine() throws IOException {
        Files.write(file, (GOOD + GOOD + "{\"text\": \"caf\u00e9\"}").getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(file + ":3: is not valid UTF-8");
    }

    @Test
    void aFileWithoutATextIsRefused() throws IOException {
        Files.writeString(file, " \n\n");

        assertRefused(file + ": holds no text");
    }

    @Test
    void tooManyTextsAreRefused() throws IOException {
        Files.writeString(file, GOOD.repeat(LabelledTexts.MOST_TEXTS + 1));

        assertRefused(file + ":10001: is one more than the 10000 texts of a file");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        Files.write(file, new byte[LabelledTexts.MOST_FILE_BYTES + 1]);

        assertRefused(file + ": is larger than 16777216 bytes");
    }

    @Test
    void aFileThatIsMissingOrADirectoryIsRefused() {
        assertRefused(file + ": cannot be read: not found");

        file = directory;
        assertRefused(directory + ": cannot be read: it is a directory");
    }

    @Test
    void aTextIsNotPrinted() {
        assertThat(new LabelledText("secret", List.of("hidden"))).hasToString("LabelledText[6 characters, 1 labels]");
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(TextsException.class)
                .isThrownBy(() -> LabelledTexts.read(file))
                .withMessage(message);
    }
}
