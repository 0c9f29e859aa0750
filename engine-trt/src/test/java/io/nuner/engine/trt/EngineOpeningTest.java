package io.nuner.engine.trt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.testing.RandomRows;
import io.nuner.engine.trt.testing.SmallModel;
import io.nuner.model.ModelException;
import io.nuner.model.WeightType;
import io.nuner.model.testing.Fixtures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineOpeningTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 8);
    private static ModelGraphs graphs = FakeGraphs.named("none");
    private static ModelGraphs others = graphs;
    private static ModelGraphs whole = graphs;

    private final FakeMachine machine = new FakeMachine(2);
    private final List<String> heard = new ArrayList<>();
    private Path cache = Path.of("none");

    @BeforeAll
    static void export(@TempDir Path directory) throws ModelException {
        whole = SmallModel.graphs(Fixtures.MARKER_W1, directory);
        graphs = SmallModel.withShortSamples(whole, 60);
        others = SmallModel.withShortSamples(SmallModel.graphs(Fixtures.REAL_VOCAB, directory), 60);
    }

    @BeforeEach
    void newCache(@TempDir Path directory) {
        cache = directory.resolve("cache");
    }

    @Test
    void aModelIsCompiledOnceAndSaysHowCloseItIsToTheReference() throws Exception {
        ParityReport parity = open(whole, Precision.FP16).description().parity().orElseThrow();

        assertThat(machine.compiled())
                .as("one plan of each graph for two equal GPUs")
                .isEqualTo(2);
        assertThat(parity.precision()).isEqualTo("fp16");
        assertThat(parity.reference()).startsWith("onnx ");
        assertThat(parity.rows()).isGreaterThan(10);
        assertThat(parity.spans()).isGreaterThan(100);
        assertThat(parity.differing()).isZero();
        assertThat(parity.maxDifference()).isGreaterThan(0).isLessThan(0.05);
        assertThat(machine.layer().open(0).launches())
                .as("captured encoders are compared, too")
                .isPositive();

        open(whole, Precision.FP16);
        assertThat(machine.compiled()).as("found in the store").isEqualTo(2);
        assertThat(heard).anyMatch(words -> words.contains("encoder: "));
    }

    @Test
    void int8WeightsAreRefusedByNameBeforeAnythingIsCompiled(@TempDir Path directory) throws Exception {
        ModelGraphs rounded = SmallModel.graphs(Fixtures.MARKER_W1, WeightType.INT8, directory);

        assertThatThrownBy(() -> open(rounded, Precision.FP16))
                .isInstanceOf(EngineException.class)
                .hasMessage(rounded.encoder().file() + ": holds int8 weights, which run on a CPU only (--engine onnx);"
                        + " half precision is made of float32 weights: export the checkpoint with --weights float32");
        assertThat(machine.compiled()).isZero();
        assertThat(heard).isEmpty();
    }

    @Test
    void bothPrecisionsAndEveryModelHaveTheirOwnPlans() throws Exception {
        open(graphs, Precision.FP16);
        open(others, Precision.FP16);

        assertThat(machine.compiled()).isEqualTo(4);
    }

    @Test
    void theDescriptionNamesTheGpusAndTheirNumber() throws Exception {
        InferenceEngine engine = open(graphs, Precision.FP16);

        assertThat(engine.description().device()).isEqualTo("2 x Fake GPU");
        assertThat(engine.description().name()).isEqualTo("tensorrt");
        assertThat(engine.description().lanes()).isEqualTo(4);
        assertThat(new TensorRtEngineProvider(machine).defaults().lanes()).isEqualTo(4);
    }

    @Test
    void aPlanThatWasTamperedWithIsBuiltAnewWithOneWarning() throws Exception {
        open(graphs, Precision.FP16);
        flipABit(stored("encoder.plan"));
        heard.clear();

        open(graphs, Precision.FP16);

        assertThat(machine.compiled()).isEqualTo(4);
        assertThat(heard).filteredOn(words -> words.contains("is refused")).hasSize(1);
    }

    @Test
    void anEngineThatFindsOtherSpansIsRefused() {
        machine.compileWith((request, progress) -> {
            // the encoder of the right model, and a head that answers something else
            boolean head = request.graph().getFileName().toString().startsWith("head");
            machine.fakeCompiler().compile(head ? WrongHead.of(request) : request, progress);
        });

        assertThatThrownBy(() -> open(graphs, Precision.FP16))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.CANNOT_OPEN))
                .hasMessageContaining("parity gate refuses fp16")
                .hasMessageContaining("differ");
    }

    @Test
    void lanesForWhichThereIsNoMemoryAreLeftOutWithOneWarning() throws Exception {
        FakeMachine one = new FakeMachine(1);
        long before = one.layer().open(0).freeBytes();
        open(one, graphs, 1);
        long lane = before - one.layer().open(0).freeBytes();
        FakeMachine small = new FakeMachine(1);
        small.layer().open(0).limitMemory(lane * 5 / 2);
        heard.clear();

        InferenceEngine engine = open(small, graphs, 4);

        assertThat(engine.description().lanes()).isEqualTo(2);
        assertThat(heard)
                .filteredOn(words -> words.contains("only 2 of 4 lanes"))
                .hasSize(1);
        engine.openLane();
        engine.openLane();
        assertThatThrownBy(engine::openLane).isInstanceOf(EngineException.class);
    }

    @Test
    void aGpuThatHoldsNoLaneIsNoEngine() {
        machine.layer().open(0).limitMemory(1000);
        machine.layer().open(1).limitMemory(1000);

        assertThatThrownBy(() -> open(graphs, Precision.FP16))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("a lane, which needs");
    }

    @Test
    void aCompilerThatFailsIsTheCauseAndLeavesNothing() throws Exception {
        machine.compileWith((request, progress) -> {
            throw EngineException.cannotOpen("cannot compile it", new IOException("no"));
        });

        assertThatThrownBy(() -> open(graphs, Precision.FP16))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cannot compile it");
        try (Stream<Path> left = Files.list(cache.resolve("plans"))) {
            assertThat(left).noneMatch(Files::isDirectory);
        }
    }

    @Test
    void withoutSettingsForCompilationThereIsNoEngine() {
        assertThatThrownBy(() -> EngineOpening.open(machine, graphs, new EngineSettings(LIMITS, 1, 0)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("must be told where to keep");
    }

    @Test
    void lanesOfEveryGpuAnswer() throws Exception {
        PackedBatch batch = PackedBatch.of(new RandomRows(3, graphs.vocabularySize()).rows(4, 30));
        InferenceEngine engine = open(graphs, Precision.FP16);
        for (int lane = 0; lane < 4; lane++) {
            EngineLane open = engine.openLane();
            assertThat(open.run(batch).takeRow(3).words()).isPositive();
        }
    }

    private InferenceEngine open(FakeMachine gpus, ModelGraphs model, int lanes) throws EngineException {
        return open(gpus, model, Precision.FP16, lanes);
    }

    private InferenceEngine open(ModelGraphs model, Precision precision) throws EngineException {
        return open(machine, model, precision, 4);
    }

    private InferenceEngine open(FakeMachine gpus, ModelGraphs model, Precision precision, int lanes)
            throws EngineException {
        CompileSettings compilation = new CompileSettings(cache, precision, List.of(32, 64, 128, 512), heard::add);
        return new TensorRtEngineProvider(gpus)
                .open(model, new EngineSettings(LIMITS, lanes, 0, Optional.of(compilation)));
    }

    private Path stored(String name) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    private static void flipABit(Path file) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = content.length() / 2;
            content.seek(middle);
            int value = content.read();
            content.seek(middle);
            content.write(value ^ 1);
        }
    }
}
