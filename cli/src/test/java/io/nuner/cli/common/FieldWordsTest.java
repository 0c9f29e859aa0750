package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldWordsTest {
    /** Messages as the server writes them, alone and on a stream. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "labels[1] is empty; second is empty",
                "request.labels[1] is empty; second is empty",
                "INVALID_ARGUMENT: labels[0] is empty; INVALID_ARGUMENT: first is empty",
                "label_options[1].name must not be empty; second must not be empty",
                "request.label_options[1].threshold must be a number; the threshold of second must be a number",
                "label_options[1].prompt gives the same tokens as label_options[0]; the prompt of second gives the"
                        + " same tokens as first",
                "labels[7] is empty; label 8 is empty",
                "labels must hold at most 100 labels; the list of labels must hold at most 100 labels",
                "request.label_options must have at most 9 tokens, but have 10; the list of labels must have at most 9"
                        + " tokens, but have 10",
                "x. label_overflow SPLIT asks for them; x. --label-overflow=split asks for them",
                "the server stops; the server stops"
            })
    void fieldsAreCalledAsTheUserCallsThem(String said, String shown) {
        assertThat(FieldWords.of(said, List.of("first", "second"))).isEqualTo(shown);
    }
}
