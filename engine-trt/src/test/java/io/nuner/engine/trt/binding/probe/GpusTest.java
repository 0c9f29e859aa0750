package io.nuner.engine.trt.binding.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.binding.compiler.CompilerProcess;
import io.nuner.engine.trt.library.NvidiaScene;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class GpusTest {
    @Test
    void knowsThePlatformsThatTensorRtIsFor() {
        assertThat(Gpus.isSupported("Linux amd64")).isTrue();
        assertThat(Gpus.isSupported("Linux aarch64")).isFalse();
        assertThat(Gpus.isSupported("Mac OS X aarch64")).isFalse();
        assertThat(Gpus.isSupported("Windows 11 amd64")).isFalse();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void doesNotCompileWithoutTheParser(@TempDir Path directory) throws Exception {
        NvidiaScene scene = new NvidiaScene(directory);
        Gpus gpus = new Gpus(scene.finder(), Duration.ofSeconds(30));

        assertThat(gpus.report().devices()).hasSize(1);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> gpus.compiler(CompilerProcess.Settings.DEFAULT))
                .withMessage("TensorRT's ONNX parser is missing: no libnvonnxparser.so.11 beside "
                        + scene.directory().resolve("libnvinfer.so.11"));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void neitherLoadsNorCompilesWhereTheProbeFailed(@TempDir Path directory) throws Exception {
        Gpus gpus = new Gpus(new NvidiaScene(directory).without("libcuda.so.1").finder(), Duration.ofSeconds(30));

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(gpus::deviceLayer)
                .withMessageContaining("no NVIDIA driver");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> gpus.compiler(CompilerProcess.Settings.DEFAULT))
                .withMessageContaining("no NVIDIA driver");
    }
}
