package io.nuner.engine.trt.binding.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.library.MachineCode;
import io.nuner.engine.trt.library.NvidiaScene;
import io.nuner.engine.trt.library.SharedObject;
import io.nuner.engine.trt.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The compiling process is a stand-in that does what the graph's name says, or the real one with stand-ins for libraries. */
class CompilerProcessTest {
    @TempDir
    private Path directory = Path.of("");

    private final List<String> stages = new ArrayList<>();

    @Test
    void tellsStagesAndLeavesAPlan() throws Exception {
        compiler(Optional.empty()).compile(request("good"), stages::add);

        assertThat(stages).containsExactly("reading the graph", "building");
        assertThat(directory.resolve("x.plan")).hasContent("plan for GPU 0");
    }

    @Test
    void tellsWhyAGraphIsRefused() {
        EngineException failure = failure(Optional.empty(), "refused");

        assertThat(failure.kind()).isEqualTo(EngineException.Kind.CANNOT_OPEN);
        assertThat(failure)
                .hasMessage("cannot compile " + directory.resolve("refused")
                        + ": buildSerializedNetwork failed; Error Code 10: no implementation for node MatMul_7");
    }

    @Test
    void keepsTheLastErrorsOfMany() {
        assertThat(failure(Optional.empty(), "many"))
                .hasMessage("cannot compile " + directory.resolve("many") + ": error 7; error 8; error 9");
    }

    @Test
    void tellsThatTheProcessWasKilled() {
        EngineException failure = catchThrowableOfType(
                EngineException.class,
                () -> compiler(Optional.empty()).compile(request("hang"), pid -> {
                    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
                }));

        assertThat(failure)
                .hasMessage(
                        "cannot compile " + directory.resolve("hang") + ": the compiling process was ended by SIGKILL");
    }

    @Test
    void tellsThatTheTimeIsUp() {
        assertThat(failure(Optional.of(Duration.ofSeconds(1)), "hang"))
                .hasMessage("cannot compile " + directory.resolve("hang")
                        + ": the compiling process did not end in time (1 s)");
    }

    @Test
    void takesNoExitCodeForAPlan() {
        assertThat(failure(Optional.empty(), "silent"))
                .hasMessageContaining("the compiling process ended with exit code 0");
        assertThat(failure(Optional.empty(), "planless")).hasMessageContaining("wrote no");
    }

    @Test
    void anInterruptEndsTheProcess() throws Exception {
        Thread caller = Thread.currentThread();

        EngineException failure = catchThrowableOfType(
                EngineException.class,
                () -> compiler(Optional.empty()).compile(request("hang"), pid -> {
                    stages.add(pid);
                    caller.interrupt();
                }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure).hasMessageEndingWith("interrupted");
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(stages.get(0)));
        if (process.isPresent()) {
            process.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theRealProcessTellsThatThereIsNoGpu() throws Exception {
        NvidiaScene scene = new NvidiaScene(directory)
                .with(NvidiaScene.cudart().with("cudaGetDeviceCount", MachineCode.returning(100)))
                .with(new SharedObject("libnvonnxparser.so.11"));

        assertThat(real(scene)).hasMessageEndingWith(": cudaGetDeviceCount failed: cudaErrorNoDevice (100)");
        assertThat(stages).containsExactly("loading TensorRT");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theRealProcessTellsThatNothingCanBeBuilt() throws Exception {
        NvidiaScene scene = new NvidiaScene(directory)
                .with(NvidiaScene.cudart().with("cudaSetDevice", MachineCode.returning(0)))
                .with(NvidiaScene.tensorRt(NvidiaScene.VERSION)
                        .with("setInternalLibraryPath", MachineCode.returning(1))
                        .with("createInferBuilder_INTERNAL", MachineCode.returning(0)))
                .with(new SharedObject("libnvonnxparser.so.11"));

        assertThat(real(scene)).hasMessageContaining(": createInferBuilder failed");
    }

    private EngineException real(NvidiaScene scene) throws Exception {
        CompilerProcess process = new CompilerProcess(scene.finder().find(), CompilerProcess.Settings.DEFAULT);
        return catchThrowableOfType(EngineException.class, () -> process.compile(request("x.onnx"), stages::add));
    }

    private EngineException failure(Optional<Duration> limit, String graph) {
        return catchThrowableOfType(EngineException.class, () -> compiler(limit).compile(request(graph), stages::add));
    }

    private static CompilerProcess compiler(Optional<Duration> limit) {
        Path none = Path.of("/none");
        LibrarySet libraries = new LibrarySet(none, none, none, Optional.empty(), none);
        ChildJvm jvm = new ChildJvm(FakeCompiler.class.getName(), List.of());
        return new CompilerProcess(jvm, libraries, new CompilerProcess.Settings(0, false, limit));
    }

    private PlanCompiler.Request request(String graph) {
        return new PlanCompiler.Request(
                directory.resolve(graph), directory.resolve("x.plan"), directory.resolve("t"), List.of(), 0, 3);
    }
}
