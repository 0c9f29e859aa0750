package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.cli.common.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoModelTest {
    @Test
    void isBelowTheHomeOfTheLauncher(@TempDir Path home) throws IOException, CommandFailure {
        Path demo = Files.createDirectories(home.resolve("model").resolve("demo"));

        assertThat(DemoModel.directory(home.toString())).isEqualTo(demo);
    }

    @Test
    void asksForAModelWhereThereIsNone(@TempDir Path home) {
        assertThatThrownBy(() -> DemoModel.directory(home.toString()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--model is needed")
                .hasMessageContaining(home.resolve("model").resolve("demo").toString());
    }

    @Test
    void asksForAModelWhereTheLauncherWasNotUsed() {
        assertThatThrownBy(() -> DemoModel.directory(null))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--model is needed");
    }
}
