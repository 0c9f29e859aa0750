package io.nuner.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class LibraryStoreTest {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void unpacksOnceIntoADirectoryThatIsOursAlone() throws Exception {
        LibraryStore store = LibraryStore.inCache(temporary.resolve("a/cache"));

        Path unpacked = store.directory(bundle("new"));

        assertThat(unpacked).startsWith(temporary.resolve("a/cache/native"));
        assertThat(unpacked.getFileName().toString()).isEqualTo(bundle("new").directoryName());
        assertThat(permissions(temporary.resolve("a/cache/native"))).isEqualTo("rwx------");
        assertThat(permissions(unpacked)).isEqualTo("rwx------");
        assertThat(names(unpacked)).containsExactly("libone.so", "libtwo.so");
        assertThat(unpacked.resolve("libone.so")).hasContent("first library\n");

        Object before = fileKey(unpacked.resolve("libone.so"));
        assertThat(store.directory(bundle("new"))).isEqualTo(unpacked);
        assertThat(fileKey(unpacked.resolve("libone.so"))).isEqualTo(before);
    }

    @Test
    void makesAnewWhatWasChangedOrPlanted() throws Exception {
        LibraryStore store = LibraryStore.inCache(temporary);
        Path unpacked = store.directory(bundle("new"));
        Path library = unpacked.resolve("libone.so");

        overwrite(library, "another library");
        assertThat(store.directory(bundle("new")).resolve("libone.so")).hasContent("first library\n");

        Files.delete(library);
        Files.createSymbolicLink(library, Files.writeString(temporary.resolve("evil"), "first library\n"));
        store.directory(bundle("new"));
        assertThat(Files.isSymbolicLink(library)).isFalse();

        Files.createFile(unpacked.resolve("libstdc++.so.6")); // the linker would take it before the system's
        store.directory(bundle("new"));
        assertThat(names(unpacked)).containsExactly("libone.so", "libtwo.so");

        Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxrwxrwx"));
        store.directory(bundle("new"));
        assertThat(permissions(library)).isEqualTo("r-x------");
    }

    @Test
    void deletesOldContentsThatNobodyUsesAndWhatKilledProcessesLeft() throws Exception {
        Path old = LibraryStore.inCache(temporary).directory(bundle("old"));
        Path unused = Files.createDirectory(old.resolveSibling("test-0123"));
        Files.writeString(unused.resolve("libone.so"), "older");
        Path part = Files.createDirectory(old.resolveSibling(".part-1"));
        Path another = Files.createDirectory(old.resolveSibling("tokenizers-0123"));

        LibraryStore.inCache(temporary).directory(bundle("new"));

        assertThat(unused).doesNotExist();
        assertThat(part).doesNotExist();
        assertThat(another).exists();
        assertThat(old).exists(); // this process uses it
    }

    @Test
    void manyAtOnceLeaveOneWholeDirectory() throws Exception {
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Path>> unpacked = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            unpacked.add(threads.submit(() -> {
                start.await();
                return LibraryStore.inCache(temporary).directory(bundle("new"));
            }));
        }

        for (Future<Path> directory : unpacked) {
            assertThat(directory.get().resolve("libtwo.so")).hasContent("second library\n");
        }
        threads.shutdown();
        assertThat(names(temporary.resolve("native")).stream().filter(name -> name.startsWith(".part")))
                .isEmpty();
    }

    @Test
    void refusesAVersionThatWasNotWrittenDown() throws Exception {
        LibraryBundle swapped = bundle("swapped");

        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> LibraryStore.inCache(temporary).directory(swapped))
                .withMessage("the class path has another version of libone.so than this program was made for");
        assertThat(names(temporary.resolve("native")).stream().filter(name -> !name.endsWith(".lock")))
                .isEmpty();
    }

    @Test
    void aLinkIsNoDirectoryOfOurs() throws Exception {
        Files.createSymbolicLink(temporary.resolve("native"), Files.createDirectory(temporary.resolve("elsewhere")));

        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> LibraryStore.inCache(temporary).directory(bundle("new")))
                .withMessageContaining(temporary.resolve("native").toString())
                .withMessageContaining("is a symbolic link");
    }

    @Test
    void namesThePlaceThatCannotBeWritten() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> LibraryStore.inCache(file).directory(bundle("new")))
                .withMessage("native libraries cannot be kept in " + file.resolve("native")
                        + ": a file stands where a directory should (" + file
                        + "); --cache or NUNER_CACHE names another place");
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> LibraryStore.inCache(Path.of("/proc/nuner")).directory(bundle("new")))
                .withMessageStartingWith("native libraries cannot be kept in /proc/nuner/native: ");
    }

    @Test
    void aGivenDirectoryIsTakenAsItIsAndCheckedAlike() throws Exception {
        Path given = temporary.resolve("given");
        LibraryStore store = LibraryStore.given(given);
        assertRefused(store, given + " is missing");

        Path filled = LibraryStore.fill(given, bundle("new"));
        assertThat(store.directory(bundle("new"))).isEqualTo(filled);
        assertThat(permissions(filled)).isEqualTo("rwxr-xr-x");
        assertThat(permissions(filled.resolve("libone.so"))).isEqualTo("r-xr-xr-x");
        assertThat(names(given)).containsExactly(bundle("new").directoryName());

        overwrite(filled.resolve("libone.so"), "another library");
        assertRefused(store, filled.resolve("libone.so") + " is damaged or belongs to another version");
        LibraryStore.fill(given, bundle("new"));
        Files.setPosixFilePermissions(filled, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertRefused(store, "native code is not loaded from " + filled + ": it may be written by other users");
        LibraryStore.fill(given, bundle("new"));
        Files.createFile(filled.resolve("libm.so.6"));
        assertRefused(
                store,
                filled.resolve("libm.so.6") + " does not belong there: native code is not loaded from beside it");
        LibraryStore.fill(given, bundle("new"));
        Files.delete(filled.resolve("libtwo.so"));
        assertRefused(store, filled.resolve("libtwo.so") + " is missing");
    }

    @Test
    void anotherUsersDirectoryIsRefused() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("native"));
        Assumptions.assumeTrue(givenAway(directory), "only root can give directories away");

        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> LibraryStore.inCache(temporary).directory(bundle("new")))
                .withMessage("native code is not loaded from " + directory + ": it belongs to another user");
    }

    private static boolean givenAway(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", 12_345);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void assertRefused(LibraryStore store, String sentence) {
        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() -> store.directory(bundle("new")))
                .withMessage(sentence);
    }

    private static LibraryBundle bundle(String directory) throws NativeLibraryException {
        return LibraryBundle.read(
                "test", LibraryStoreTest.class, "test-libraries.sha256", "natives/" + directory + "/");
    }

    private static void overwrite(Path file, String content) throws IOException {
        Files.delete(file);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
