package io.nuner.engine.trt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.trt.binding.probe.Gpus;
import io.nuner.engine.trt.library.MachineCode;
import io.nuner.engine.trt.library.NvidiaScene;
import io.nuner.engine.trt.library.SharedObject;
import io.nuner.engine.trt.process.ChildEnd;
import io.nuner.engine.trt.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The libraries are stand-ins, each in a way that real ones were seen to fail. Every question is put in a process of its own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class TensorRtEngineProviderTest {
    private static final String PROCESS = "the process that tries the GPU ";

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(EngineProvider.class))
                .extracting(EngineProvider::name)
                .contains("tensorrt");
    }

    @Test
    void isUsableWhereEverythingWorks() throws Exception {
        assertThat(answer(new NvidiaScene(temporary)))
                .matches("usable: TensorRT 11\\.2\\.1\\.2 \\(.*libnvinfer.so.11\\) on GPU");
    }

    @Test
    void asksOnce() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        EngineProvider provider = provider(scene, Duration.ofSeconds(30));
        EngineProvider.Availability first = provider.availability();

        scene.without("libcuda.so.1");

        assertThat(provider.availability()).isEqualTo(first);
    }

    @Test
    void noDriver() throws Exception {
        assertThat(answer(new NvidiaScene(temporary).without("libcuda.so.1")))
                .isEqualTo("unusable: no NVIDIA driver (libcuda.so.1) was found");
    }

    @Test
    void stubDriver() throws Exception {
        assertThat(answer(counting(MachineCode.returning(34))))
                .startsWith("unusable: libcuda.so.1 is a stub for linking, no driver: cudaErrorStubLibrary (34)");
    }

    @Test
    void oldDriver() throws Exception {
        assertThat(answer(counting(MachineCode.returning(35))))
                .startsWith("unusable: the NVIDIA driver is too old for CUDA 13");
    }

    @Test
    void noGpu() throws Exception {
        String noGpu = "unusable: the NVIDIA driver shows no GPU: cudaErrorNoDevice (100)";
        assertThat(answer(counting(MachineCode.returning(100)))).startsWith(noGpu);
        assertThat(answer(counting(MachineCode.storing(0)))).startsWith(noGpu);
    }

    @Test
    void brokenDriver() throws Exception {
        assertThat(answer(counting(MachineCode.returning(999))))
                .isEqualTo("unusable: the NVIDIA driver does not work:"
                        + " cudaGetDeviceCount failed: cudaErrorUnknown (999)");
    }

    @Test
    void noTensorRt() throws Exception {
        NvidiaScene scene =
                new NvidiaScene(temporary).without("libnvinfer.so.11").with(new SharedObject("libnvinfer.so.10"));

        assertThat(answer(scene)).contains("no TensorRT 11").contains("libnvinfer.so.10");
    }

    @Test
    void oldTensorRt() throws Exception {
        assertThat(answer(new NvidiaScene(temporary).with(NvidiaScene.tensorRt(110100))))
                .isEqualTo("unusable: TensorRT is 11.1.0, but 11.2 or a newer 11 is needed");
    }

    @Test
    void tensorRtThatReturnsAPointerToNothing() throws Exception {
        // What 11.2.1 returns where CUDA does not work.
        SharedObject library = NvidiaScene.tensorRt(NvidiaScene.VERSION)
                .with("createInferRuntime_INTERNAL", MachineCode.returning(0x228));

        assertThat(answer(new NvidiaScene(temporary).with(library)))
                .startsWith("unusable: TensorRT cannot create a runtime");
    }

    @Test
    void libraryThatDoesNotLoad() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        Path library = scene.directory().resolve("libnvinfer.so.11");
        Files.write(library, Arrays.copyOf(Files.readAllBytes(library), 100));

        assertThat(answer(scene)).startsWith("unusable: " + library + " does not load: ");
    }

    @Test
    void libraryThatCrashesWhenItIsLoaded() throws Exception {
        SharedObject library = NvidiaScene.tensorRt(NvidiaScene.VERSION).onLoad(MachineCode.crashing());

        assertThat(answer(new NvidiaScene(temporary).with(library)))
                .startsWith("unusable: " + PROCESS + "was ended by SIGSEGV in [libnvinfer.so.11+0x")
                .contains(" while loading ");
    }

    @Test
    void driverThatCrashesWhenItIsCalled() throws Exception {
        assertThat(answer(counting(MachineCode.crashing())))
                .startsWith("unusable: " + PROCESS + "was ended by SIGSEGV in [libcudart.so.13+0x")
                .endsWith(" while counting GPUs");
    }

    @Test
    void libraryThatLacksAFunction() throws Exception {
        // The linker ends the process with exit code 127.
        assertThat(answer(new NvidiaScene(temporary).with(new SharedObject("libnvinfer.so.11"))))
                .startsWith("unusable: " + PROCESS + "ended with exit code 127")
                .contains("undefined symbol: getInferLibVersion")
                .endsWith(" while asking TensorRT for its version");
    }

    @Test
    void driverThatHangs() throws Exception {
        String answer = answer(counting(MachineCode.hanging()), Duration.ofSeconds(5));

        assertThat(answer).isEqualTo("unusable: " + PROCESS + "was still counting GPUs after 5 s and was ended");
    }

    @Test
    void doesNotOpenWhatIsNotUsable() throws Exception {
        ModelGraphs graphs = FakeGraphs.named("a");
        EngineSettings settings = new EngineSettings(new EngineLimits(1, 8, 8, 1), 1, 0);
        EngineProvider provider = provider(new NvidiaScene(temporary).without("libcuda.so.1"), Duration.ofSeconds(30));

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> provider.open(graphs, settings))
                .withMessage("no NVIDIA driver (libcuda.so.1) was found");
    }

    private NvidiaScene counting(byte[] code) throws IOException {
        return new NvidiaScene(temporary).with(NvidiaScene.cudart().with("cudaGetDeviceCount", code));
    }

    private static EngineProvider provider(NvidiaScene scene, Duration limit) {
        return new TensorRtEngineProvider(new Gpus(scene.finder(), limit));
    }

    private static String answer(NvidiaScene scene) throws Exception {
        return answer(scene, Duration.ofSeconds(30));
    }

    /** What a process of its own hears from {@code availability()}; it must live on to tell. */
    private static String answer(NvidiaScene scene, Duration limit) throws Exception {
        List<String> arguments = new ArrayList<>(scene.arguments());
        arguments.add(Long.toString(limit.toMillis()));
        List<String> lines = new ArrayList<>();

        ChildEnd end = new ChildJvm(Question.class.getName(), List.of("-Xmx128m"))
                .run(arguments, Optional.of(Duration.ofSeconds(60)), lines::add);

        assertThat(end.exitCode()).as(end::words).isZero();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    /** The process that asks. */
    static final class Question {
        private Question() {}

        public static void main(String[] arguments) {
            List<String> scene = List.of(arguments);
            Duration limit = Duration.ofMillis(Long.parseLong(scene.get(2)));
            var availability = new TensorRtEngineProvider(new Gpus(NvidiaScene.finder(scene), limit)).availability();
            System.out.println((availability.usable() ? "usable: " : "unusable: ") + availability.reason());
        }
    }
}
