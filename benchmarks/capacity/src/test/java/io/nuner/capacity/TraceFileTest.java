package io.nuner.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.capacity.simulation.Arrival;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
    private static final String GOOD = "{\"at_micros\":0,\"tokens\":5}\n";

    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void nameFile() {
        file = directory.resolve("t.jsonl");
    }

    @Test
    void linesAreTexts() throws IOException, PlanException {
        Trace trace = read("""
                {"at_micros":0,"tokens":67,"labels":5,"tenant":"","bulk":false,"deadline_millis":10000}

                {"at_micros":12,"tokens":38,"labels":11,"tenant":"a","bulk":true,"deadline_millis":70}
                {"at_micros":15,"tokens":3,"further":[1]}
                """);

        assertThat(trace.arrivals())
                .containsExactly(
                        new Arrival(0, 67, "default", false, 10_000_000_000L),
                        new Arrival(12_000, 38, "a", true, 70_000_000),
                        new Arrival(15_000, 3, "default", false, 9_000_000));
    }

    @Test
    void aByteOrderMarkInFrontIsNoPartOfTheFirstLine() throws IOException, PlanException {
        String later = "{\"at_micros\":7,\"tokens\":5}\n";

        assertThat(read("\uFEFF\n" + GOOD + later).arrivals()).hasSize(2);
        assertThat(read("\uFEFF" + GOOD + later).arrivals()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nonsense                                        | is not valid JSON
                    [1]                                             | must be one JSON object
                    {"at_micros":0,"tokens":5} {}                   | is not valid JSON
                    {"tokens":5}                                    | at_micros must be a whole number from 0 to 31622400000000
                    {"at_micros":-1,"tokens":5}                     | at_micros must be a whole number from 0 to 31622400000000
                    {"at_micros":1}                                 | tokens must be a whole number from 1 to 1000000
                    {"at_micros":1,"tokens":0}                      | tokens must be a whole number from 1 to 1000000
                    {"at_micros":1,"tokens":2.5}                    | tokens must be a whole number from 1 to 1000000
                    {"at_micros":1,"tokens":"5"}                    | tokens must be a whole number from 1 to 1000000
                    {"at_micros":1,"tokens":1e300}                  | tokens must be a whole number from 1 to 1000000
                    {"at_micros":1,"tokens":5,"tenant":7}           | tenant must be a string
                    {"at_micros":1,"tokens":5,"bulk":"yes"}         | bulk must be true or false
                    {"at_micros":1,"tokens":5,"deadline_millis":0}  | deadline_millis must be a whole number from 1 to 86400000
                    """)
    void aBadLineIsNamedWithItsFieldAndRule(String line, String problem) {
        assertThatThrownBy(() -> read(GOOD + line + "\n"))
                .isInstanceOf(PlanException.class)
                .hasMessage("trace " + file + ":2 " + problem);
    }

    @Test
    void aFileThatIsNoTraceIsNamed() {
        assertThatThrownBy(() -> read(GOOD))
                .hasMessage("trace " + file + " must hold at least two texts that do not arrive at the same time");
        assertThatThrownBy(() -> read("")).hasMessageContaining("at least two texts");
        assertThatThrownBy(() -> TraceFile.read(directory.resolve("none"), 1))
                .isInstanceOf(PlanException.class)
                .hasMessage("trace " + directory.resolve("none") + " cannot be read: not found");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws IOException {
        Files.write(file, "{\"at_micros\":0,\"tenant\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TraceFile.read(file, 1))
                .isInstanceOf(PlanException.class)
                .hasMessage("trace " + file + " is not valid UTF-8");
    }

    private Trace read(String content) throws IOException, PlanException {
        Files.writeString(file, content);
        return TraceFile.read(file, 9);
    }
}
