package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A start of the program writes, loads and opens nothing but what it should. */
@EnabledOnOs(OS.LINUX)
class NativeStartTest {
    private static final List<Path> OF_THE_SYSTEM = List.of(Path.of("/lib"), Path.of("/lib64"), Path.of("/usr"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final String ANY = "00000000:0000";

    @TempDir
    private Path temporary = Path.of("");

    private Path cache = Path.of("");

    @BeforeEach
    void name() {
        cache = temporary.resolve("cache");
    }

    @Test
    void startsLeaveNothingAndLoadNothingThatWasPlantedAndTalkToNobody() throws Exception {
        Path model = Fixtures.MARKER_W1.checkpoint(temporary, WeightsFormat.SAFETENSORS);
        Set<Path> planted = plant();

        Set<Path> afterOne = serveAndKill(model);
        Path given = temporary.resolve("given");
        assertThat(CommandRun.of("engine", "unpack", "--out=" + given).exitCode())
                .isEqualTo(ExitCode.OK);
        try (CleanProcess server = serve(model, "--native-libraries=" + given)) {
            assertThat(server.libraries(NativeStartTest::isOurs))
                    .isNotEmpty()
                    .allMatch(library -> library.startsWith(given));
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }

        assertThat(files(cache)).isEqualTo(afterOne);
        assertNothingElse(planted);
    }

    @Test
    @Tag("long")
    void tenStartsLeaveNothing() throws Exception {
        Path model = Fixtures.MARKER_W1.checkpoint(temporary, WeightsFormat.SAFETENSORS);
        Set<Path> planted = plant();
        Set<Path> afterOne = serveAndKill(model);

        for (int start = 2; start <= 10; start++) {
            try (CleanProcess server = serve(model)) {
                if (start % 2 == 0) {
                    server.terminate();
                } else {
                    server.kill();
                }
            }
        }

        assertThat(files(cache)).isEqualTo(afterOne);
        assertNothingElse(planted);
        System.out.println(
                "ten starts, five killed: " + files(cache).size() + " files in the cache after one start and after"
                        + " ten; in the home, temporary and working directory: none");
    }

    @Test
    void aUserWithoutAnEntryInThePasswordFileHasTheHomeOfTheEnvironment() throws Exception {
        List<String> unknown = List.of("env", "_JAVA_OPTIONS=-Duser.home=?");

        String listed = lines(unknown, "engine", "list");

        assertThat(listed).contains("ONNX Runtime");
        assertThat(temporary.resolve("home/.cache/nuner/native")).isDirectory();
        assertThat(files(temporary.resolve("work"))).isEmpty();
        assertThat(lines(List.of("env", "_JAVA_OPTIONS=-Duser.home=?", "HOME=?"), "engine", "list"))
                .contains("--cache is needed: this user has no home directory, and HOME names none");
        assertThat(files(temporary.resolve("work"))).isEmpty();
    }

    @Test
    void directoriesThatCannotHoldLibrariesAreNamedWithTheCause() throws Exception {
        assertThat(lines(List.of(), "serve", "--engine=onnx", "--port=0", "--no-metrics", "--cache=/proc/nuner"))
                .contains(
                        "nuner serve: --engine onnx cannot be used: native libraries cannot be kept in /proc/nuner/native: ");
        assertThat(mounted("size=4m")).contains("cannot be kept in " + cache + "/native: No space left on device");
        assertThat(mounted("noexec"))
                .contains(cache + "/native/onnxruntime-")
                .contains("its file system seems to be mounted noexec: name another place by --cache");
    }

    @Test
    @Tag("long")
    void aReadOnlyFileSystemIsNamedUnlessTheLibrariesAreThere() throws Exception {
        assertThat(mounted("ro")).contains("cannot be kept in " + cache + "/native: Read-only file system");

        lines(List.of(), "engine", "list", "--cache=" + cache);
        String readOnly = "mount --bind " + cache + " " + cache + " && mount -o remount,ro,bind " + cache
                + " && ! touch " + cache + "/native/x 2>/dev/null && exec \"$0\" \"$@\"";

        assertThat(lines(List.of("unshare", "-m", "sh", "-c", readOnly), "engine", "list", "--cache=" + cache))
                .contains("runs on this CPU");
    }

    /** What {@code engine list} says in a mount namespace whose cache is a file system of its own. */
    private String mounted(String options) throws Exception {
        Assumptions.assumeTrue(canMount(), "mounting needs root");
        Files.createDirectories(cache);
        String mount = "mount -t tmpfs -o " + options + " tmpfs " + cache + " && exec \"$0\" \"$@\"";
        return lines(List.of("unshare", "-m", "sh", "-c", mount), "engine", "list", "--cache=" + cache);
    }

    private boolean canMount() throws IOException, InterruptedException {
        Path place = Files.createDirectories(temporary.resolve("mount"));
        ProcessBuilder mount = new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", place.toString());
        try {
            return mount.redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private String lines(List<String> wrapper, String... arguments) throws IOException, InterruptedException {
        try (CleanProcess command = CleanProcess.start(wrapper, temporary, arguments)) {
            return String.join("\n", command.awaitEnd());
        }
    }

    /** Libraries where DJL, JNA and the system's linker would find them; they are no libraries, so loading one fails. */
    private Set<Path> plant() throws IOException {
        Set<Path> planted = new TreeSet<>();
        for (String home : List.of("tmp", "home")) {
            Path djl = temporary.resolve(home).resolve(".djl.ai/tokenizers/0.21.0-0.38.0-cpu-linux-x86_64");
            planted.add(Files.writeString(Files.createDirectories(djl).resolve("libtokenizers.so"), "evil"));
        }
        Path work = Files.createDirectories(temporary.resolve("work"));
        planted.add(Files.writeString(work.resolve("libonnxruntime.so"), "evil"));
        return planted;
    }

    private Set<Path> serveAndKill(Path model) throws Exception {
        try (CleanProcess server = serve(model)) {
            assertThat(server.libraries(NativeStartTest::isOurs))
                    .hasSize(3)
                    .allMatch(library -> library.startsWith(cache.resolve("native")));
            assertThat(server.sockets()).hasSize(2).allMatch(socket -> socket.endsWith(" " + ANY) || ipv6Any(socket));
            server.kill();
        }
        return files(cache);
    }

    private static boolean ipv6Any(String socket) {
        return socket.endsWith(" " + "0".repeat(32) + ":0000");
    }

    private CleanProcess serve(Path model, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("serve", "--model=" + model, "--cache=" + cache));
        words.addAll(List.of("--engine=onnx", "--port=0", "--metrics-port=0", "--calibration=0s", "--drain-notice=0s"));
        words.addAll(List.of(more));
        CleanProcess server = CleanProcess.start(List.of(), temporary, words.toArray(String[]::new));
        server.await("serving on ");
        return server;
    }

    private static boolean isOurs(Path library) {
        return !library.startsWith(JAVA) && OF_THE_SYSTEM.stream().noneMatch(library::startsWith);
    }

    private void assertNothingElse(Set<Path> planted) throws IOException {
        Set<Path> found = new TreeSet<>();
        for (String place : List.of("tmp", "home", "work")) {
            found.addAll(files(temporary.resolve(place)));
        }
        assertThat(found).isEqualTo(planted);
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return new TreeSet<>(found.filter(Files::isRegularFile).toList());
        }
    }
}
