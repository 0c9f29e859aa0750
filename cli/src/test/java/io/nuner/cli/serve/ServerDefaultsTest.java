package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.engine.CompileOptions;
import io.nuner.engine.CompileSettings;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The defaults of the options are those of the records that a library's user begins with. */
class ServerDefaultsTest {
    @Test
    void serveWithoutOptionsIsTheDefaultServerWithMetrics() {
        ServerOptions options = CommandLine.populateCommand(new ServerOptions());

        assertThat(options.config())
                .isEqualTo(
                        ServerConfig.builder().metrics(MetricsConfig.on(8002)).build());
    }

    @Test
    void compilationWithoutOptionsTakesTheDefaultRowLengths() {
        Path cache = Path.of("cache");
        CompileSettings.Listener nobody = words -> {};
        CompileOptions options = new CompileOptions();

        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs();

        assertThat(options.settings(cache, nobody))
                .isEqualTo(new CompileSettings(
                        cache, CompileSettings.Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS, nobody));
    }
}
