package io.nuner.engine.trt.binding.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.model.format.tensorrt.CompileJobMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileJobTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void isReadAsItWasWritten() throws Exception {
        CompileJob job = job(Path.of("/models/größe = \\ 日本/encoder.onnx"));
        Path file = directory.resolve("job");

        job.write(file);

        assertThat(CompileJob.read(file)).isEqualTo(job);
    }

    @Test
    void namesWhatIsMissing() throws Exception {
        Path file = directory.resolve("job");
        job(Path.of("/graph")).write(file);
        CompileJobMessage.Builder message = CompileJobMessage.parseFrom(Files.readAllBytes(file)).toBuilder();
        Files.write(file, message.clearTimingCache().buildPartial().toByteArray());

        assertThatIOException()
                .isThrownBy(() -> CompileJob.read(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("timing_cache");
    }

    private static CompileJob job(Path graph) {
        ShapeRange vector = new ShapeRange("token_ids", List.of(1L), List.of(96L), List.of(128L));
        ShapeRange matrix = new ShapeRange("pad_index", List.of(1L, 64L), List.of(2L, 64L), List.of(8L, 64L));
        ShapeRange scalar = new ShapeRange("scalar", List.of(), List.of(), List.of());
        List<List<ShapeRange>> profiles = List.of(List.of(vector, matrix, scalar), List.of(vector));
        PlanCompiler.Request request =
                new PlanCompiler.Request(graph, Path.of("/plans/a.plan"), Path.of("/plans/t.cache"), profiles, 1, 4);
        LibrarySet libraries =
                new LibrarySet(Path.of("/d"), Path.of("/c"), Path.of("/n"), Optional.of(Path.of("/p")), Path.of("/b"));
        return new CompileJob(request, libraries, 1L << 33, true);
    }
}
