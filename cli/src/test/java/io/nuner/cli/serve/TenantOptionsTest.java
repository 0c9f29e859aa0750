package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.common.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantOptionsTest {
    @TempDir
    private Path directory;

    @Test
    void aFileThatIsNotThereEndsTheStart() {
        CommandRun run = CommandRun.of("serve", "--tenants=/does/not/exist");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("--tenants /does/not/exist cannot be read")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--queue-delay=0s, must be longer than zero",
        "--queue-delay=soon, must look like 500ms",
        "--bulk-aging=2h, must look like 500ms",
        "--max-linger=90m, --max-linger must be at most",
        "--max-tenants=-1, --max-tenants must be from 0"
    })
    void aBadValueIsNamed(String option, String rule) {
        CommandRun run = CommandRun.of("serve", option);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(option.substring(0, option.indexOf('='))).contains(rule);
    }

    @ParameterizedTest
    @CsvSource({"'', must hold one line", "'two\nlines', must hold one line", "'two words', must hold one line"})
    void aBadKeyFileIsNamedAndNotQuoted(String content, String rule) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), content);

        CommandRun run = CommandRun.of("extract", "--label=city", "--key-file=" + file, "Paris");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--key-file " + file + " " + rule).doesNotContain("two");
    }
}
