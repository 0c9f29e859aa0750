package io.nuner.engine.trt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.ModelGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorRtEngineProviderTest {
    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(EngineProvider.class))
                .extracting(EngineProvider::name)
                .contains("tensorrt");
    }

    @Test
    void isNotUsableAndSaysThatNoDriverWasFound(@TempDir Path empty) {
        var availability = new TensorRtEngineProvider(List.of(empty)).availability();

        assertThat(availability.usable()).isFalse();
        assertThat(availability.reason())
                .contains("cannot run models on TensorRT")
                .contains("no NVIDIA driver");
    }

    @Test
    void namesTheDriverItFound(@TempDir Path directory) throws IOException {
        Path driver = Files.createFile(directory.resolve("libcuda.so.1"));

        var availability = new TensorRtEngineProvider(List.of(directory)).availability();

        assertThat(availability.usable()).isFalse();
        assertThat(availability.reason()).endsWith("an NVIDIA driver was found at " + driver);
    }

    @Test
    void refusesToOpenWithItsReason(@TempDir Path directory) {
        ModelGraphs graphs = new ModelGraphs(directory.resolve("a"), directory.resolve("b"), 1, 10, 512, "", List.of());
        EngineSettings settings = new EngineSettings(new EngineLimits(1, 8, 8, 1), 1, 0);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new TensorRtEngineProvider(List.of()).open(graphs, settings))
                .withMessageContaining("cannot run models on TensorRT");
    }

    @Test
    void theLibraryPathIsSearchedBeforeTheUsualPlaces() {
        List<Path> directories = CudaDriver.directories("/first::/second");

        assertThat(directories).startsWith(Path.of("/first"), Path.of("/second"));
        assertThat(directories).contains(Path.of("/usr/lib/x86_64-linux-gnu"));
    }
}
