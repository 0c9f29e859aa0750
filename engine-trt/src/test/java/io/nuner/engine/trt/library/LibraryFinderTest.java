package io.nuner.engine.trt.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.natives.LibraryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LibraryFinderTest {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void findsAllLibrariesAndUnpacksTheBindings() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);

        LibrarySet found = scene.finder().find();

        assertThat(found.driver()).isEqualTo(scene.directory().resolve("libcuda.so.1"));
        assertThat(found.cudart()).isEqualTo(scene.directory().resolve("libcudart.so.13"));
        assertThat(found.nvinfer()).isEqualTo(scene.directory().resolve("libnvinfer.so.11"));
        assertThat(found.parser()).isEmpty();
        assertThat(found.binding("libjnijavacpp.so")).isRegularFile();
        assertThat(found.binding("libjnicudart.so")).isRegularFile();
        assertThat(found.binding("libjninvinfer.so")).isRegularFile();
        assertThat(found.binding("libjninvonnxparser.so")).isRegularFile();
    }

    @Test
    void takesTheParserFromBesideTensorRt() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary).with(new SharedObject("libnvonnxparser.so.11"));

        assertThat(scene.finder().find().parser()).contains(scene.directory().resolve("libnvonnxparser.so.11"));
    }

    @Test
    void saysThatThereIsNoDriverAndUnpacksNothing() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary).without("libcuda.so.1");

        assertRefused(scene, "no NVIDIA driver (libcuda.so.1) was found");
        assertThat(temporary.resolve("cache")).doesNotExist();
    }

    @Test
    void namesADriverThatIsNoLibrary() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        Path driver = Files.writeString(scene.directory().resolve("libcuda.so.1"), "");

        assertRefused(scene, "the NVIDIA driver " + driver + " cannot be used");
    }

    @Test
    void passesOverADriverForAnotherMachine() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        Path foreign = Files.createDirectory(temporary.resolve("foreign"));
        byte[] driver = Files.readAllBytes(scene.directory().resolve("libcuda.so.1"));
        driver[18] = 3;
        Files.write(foreign.resolve("libcuda.so.1"), driver);
        LibraryDirectories directories =
                new LibraryDirectories(List.of(), List.of(foreign, scene.directory()), List.of(scene.directory()));

        LibrarySet found = finder(directories).find();

        assertThat(found.driver()).isEqualTo(scene.directory().resolve("libcuda.so.1"));
    }

    @Test
    void saysThatTheRuntimeIsMissingAndNamesOlderOnes() throws Exception {
        NvidiaScene scene =
                new NvidiaScene(temporary).without("libcudart.so.13").with(new SharedObject("libcudart.so.12"));

        assertRefused(
                scene,
                "no CUDA 13 runtime (libcudart.so.13) was found, only "
                        + scene.directory().resolve("libcudart.so.12"));
    }

    @Test
    void saysThatTensorRtIsMissingAndNamesOlderOnes() throws Exception {
        NvidiaScene scene =
                new NvidiaScene(temporary).without("libnvinfer.so.11").with(new SharedObject("libnvinfer.so.10"));

        assertRefused(
                scene,
                "no TensorRT 11 (libnvinfer.so.11) was found, only "
                        + scene.directory().resolve("libnvinfer.so.10")
                        + "; name its directory in NUNER_TENSORRT_LIBRARIES");
    }

    @Test
    void takesNoOtherTensorRtThanTheChosenOne() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        Path chosen = Files.createDirectory(temporary.resolve("chosen"));
        List<Path> installed = List.of(scene.directory());
        LibraryFinder finder = finder(new LibraryDirectories(List.of(chosen), installed, installed));

        assertThatExceptionOfType(LibraryException.class)
                .isThrownBy(finder::find)
                .withMessage("no TensorRT 11 (libnvinfer.so.11) is in NUNER_TENSORRT_LIBRARIES=" + chosen);

        Path library = NvidiaScene.tensorRt(NvidiaScene.VERSION).writeInto(chosen);
        assertThat(finder.find().nvinfer()).isEqualTo(library);
    }

    @Test
    void aSetSurvivesBeingToldToAnotherProcess() throws Exception {
        NvidiaScene scene = new NvidiaScene(temporary);
        LibrarySet without = scene.finder().find();
        LibrarySet with =
                scene.with(new SharedObject("libnvonnxparser.so.11")).finder().find();

        assertThat(LibrarySet.of(without.message())).isEqualTo(without);
        assertThat(LibrarySet.of(with.message())).isEqualTo(with);
    }

    private LibraryFinder finder(LibraryDirectories directories) throws IOException {
        return new LibraryFinder(
                directories,
                LibraryStore.inCache(temporary.resolve("cache")),
                new UnpackedLibraries(temporary.resolve("cache/tensorrt")),
                "11.2.1");
    }

    private static void assertRefused(NvidiaScene scene, String reason) {
        assertThatExceptionOfType(LibraryException.class)
                .isThrownBy(() -> scene.finder().find())
                .withMessageStartingWith(reason);
    }
}
