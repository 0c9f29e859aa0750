package io.nuner.engine.trt.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class UnpackedLibrariesTest {
    private static final String LIBRARY = "/org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so";

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void unpacksIntoADirectoryThatIsOursAlone() throws Exception {
        Path directory = temporary.resolve("cache/deep");

        Path unpacked = new UnpackedLibraries(directory).unpack(LIBRARY).orElseThrow();

        assertThat(unpacked).isEqualTo(directory.resolve("libjnijavacpp.so")).hasBinaryContent(content());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void closesADirectoryThatOthersMayEnter() throws Exception {
        Path directory = Files.createDirectory(
                temporary.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        new UnpackedLibraries(directory).unpack(LIBRARY);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesALinkInPlaceOfTheDirectory() throws Exception {
        Path link = Files.createSymbolicLink(
                temporary.resolve("link"), Files.createDirectory(temporary.resolve("elsewhere")));

        assertThatExceptionOfType(LibraryException.class)
                .isThrownBy(() -> new UnpackedLibraries(link).unpack(LIBRARY))
                .withMessageContaining("is a symbolic link");
    }

    @Test
    void leavesAGoodFileAndReplacesADamagedOne() throws Exception {
        UnpackedLibraries libraries = new UnpackedLibraries(temporary.resolve("cache"));
        Path file = libraries.unpack(LIBRARY).orElseThrow();
        Object before = Files.readAttributes(file, BasicFileAttributes.class).fileKey();

        libraries.unpack(LIBRARY);
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isEqualTo(before);

        byte[] damaged = content();
        damaged[damaged.length / 2]++;
        Files.write(file, damaged);
        libraries.unpack(LIBRARY);
        assertThat(file).hasBinaryContent(content());
    }

    @Test
    void manyAtOnceLeaveOneWholeFile() throws Exception {
        Path directory = temporary.resolve("cache");
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<byte[]>> read = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            read.add(threads.submit(() -> {
                start.await();
                return Files.readAllBytes(
                        new UnpackedLibraries(directory).unpack(LIBRARY).orElseThrow());
            }));
        }

        for (Future<byte[]> bytes : read) {
            assertThat(bytes.get()).isEqualTo(content());
        }
        threads.shutdown();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("libjnijavacpp.so"));
        }
    }

    @Test
    void deletesWhatKilledProcessesLeft() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("cache"));
        Path abandoned = Files.createFile(directory.resolve("libnvinfer.so.11123.part"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path underWay = Files.createFile(directory.resolve("libnvinfer.so.11456.part"));

        new UnpackedLibraries(directory).unpack(LIBRARY);

        assertThat(abandoned).doesNotExist();
        assertThat(underWay).exists();
    }

    @Test
    void hasNothingOfWhatNoJarHas() throws Exception {
        assertThat(new UnpackedLibraries(temporary.resolve("cache")).unpack("/org/bytedeco/nothing.so"))
                .isEmpty();
    }

    @Test
    void namesTheFileThatCannotBeWritten() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatExceptionOfType(LibraryException.class)
                .isThrownBy(() -> new UnpackedLibraries(file.resolve("cache")).unpack(LIBRARY))
                .withMessageContaining(file.resolve("cache/libjnijavacpp.so").toString());
    }

    private static byte[] content() throws IOException {
        try (var in = UnpackedLibraries.class.getResourceAsStream(LIBRARY)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
