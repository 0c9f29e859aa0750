package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionNamesTest {
    private static final Set<String> OPTIONS = Set.of("--drain-grace", "--max-requests", "--port");

    @ParameterizedTest
    @CsvSource({
        "drain.grace must be short, --drain-grace must be short",
        "load.max-requests must be small, --max-requests must be small",
        "port must be free, --port must be free",
        "load.ring-slots must be even, load.ring-slots must be even",
        "nonsense, nonsense"
    })
    void keysBecomeOptionsWhereThereIsOne(String message, String expected) {
        assertThat(OptionNames.in(message, OPTIONS)).isEqualTo(expected);
    }
}
