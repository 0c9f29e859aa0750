package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in an installed place, with a program in place of Java that prints what it was given. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final String JAVA = "#!/bin/sh\nprintf '%s\\n' \"telemetry=$ORT_DISABLE_TELEMETRY\" \"$@\"\n";
    private static final List<String> TOOLS = List.of("dirname", "sed", "ls", "mkdir", "chmod", "locale");

    @TempDir
    private Path temporary = Path.of("");

    private Path launcher = Path.of("");
    private String lib = "";

    @BeforeEach
    void install() throws IOException {
        Path home = Files.createDirectories(temporary.resolve("opt/nu ner"));
        launcher = Files.copy(Path.of("../nuner"), home.resolve("nuner"));
        Path jars = Files.createDirectories(home.resolve("cli/target/dist/lib"));
        Files.createFile(jars.resolve("nuner-cli-1.jar"));
        lib = jars.toString();
        executable(Files.createDirectories(temporary.resolve("java/bin")).resolve("java"), JAVA);
        Files.writeString(temporary.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    }

    @Test
    void aLinkRunsWhatItPointsToAndBuildsNothingBesideItself() throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("usr/bin"));
        Path inner = Files.createSymbolicLink(bin.resolve("inner"), Path.of("../../opt/nu ner/nuner"));
        Path link = Files.createSymbolicLink(bin.resolve("nuner"), inner);

        assertThat(run(link, Map.of(), "--version")).contains(lib + "/*:" + lib + "/load/*", "--version");
        assertThat(run(link, Map.of("PATH", pathWithoutReadlink()), "--version"))
                .contains(lib + "/*:" + lib + "/load/*", "--version");
        try (Stream<Path> beside = Files.list(bin)) {
            assertThat(beside).containsExactlyInAnyOrder(inner, link);
        }
    }

    @Test
    void eachCommandHasTheClassesThatItNeeds() throws Exception {
        String gpu = lib + "/*:" + lib + "/gpu/*";

        assertThat(run("serve", "--engine", "onnx")).contains(lib + "/*");
        assertThat(run("serve", "--engine=tensorrt")).contains(gpu);
        assertThat(run(launcher, Map.of("NUNER_ENGINE", "tensorrt"), "serve")).contains(gpu);
        assertThat(run(launcher, Map.of("NUNER_ENGINE", "tensorrt"), "serve", "--engine=onnx"))
                .contains(lib + "/*");
        assertThat(run("engine", "list")).contains(gpu);
        assertThat(run("export")).contains(lib + "/*");
        assertThat(run("bench")).contains(lib + "/*:" + lib + "/load/*");
    }

    @Test
    void theEngineOfAMachineWithADriverIsFound() throws Exception {
        Path driver = Files.createDirectories(temporary.resolve("driver"));
        Assumptions.assumeFalse(Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcuda.so.1")));
        assertThat(run(launcher, Map.of("LD_LIBRARY_PATH", "/nowhere:" + driver), "serve"))
                .contains(lib + "/*");

        Files.createFile(driver.resolve("libcuda.so.1"));

        assertThat(run(launcher, Map.of("LD_LIBRARY_PATH", "/nowhere:" + driver), "serve"))
                .contains(lib + "/*:" + lib + "/gpu/*");
    }

    @Test
    void aCrashIsToldInAPrivateDirectoryOfTheCache() throws Exception {
        Path cache = temporary.resolve("a cache");

        assertThat(run("serve", "--cache", cache.toString()))
                .contains("-XX:ErrorFile=" + cache + "/crash/hs_err_pid%p.log");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.resolve("crash"))))
                .isEqualTo("rwx------");
        assertThat(run("serve", "--cache=" + cache)).contains("-XX:ErrorFile=" + cache + "/crash/hs_err_pid%p.log");
        assertThat(run("serve", "--cache=/proc/nuner")).contains("-XX:+ErrorFileToStderr");
        assertThat(run("extract")).contains("-XX:+ErrorFileToStderr");
        assertThat(run(launcher, Map.of("XDG_CACHE_HOME", temporary + "/xdg"), "serve"))
                .contains("-XX:ErrorFile=" + temporary + "/xdg/nuner/crash/hs_err_pid%p.log");
    }

    @Test
    void noTelemetryAndNoFileInTheTemporaryDirectoryOfTheSystem() throws Exception {
        assertThat(run("serve")).contains("telemetry=1", "-XX:-UsePerfData");
    }

    @Test
    void whoComesWhileAnotherBuildsWaitsAndDoesNotBuild() throws Exception {
        Path home = temporary.resolve("opt/nu ner");
        Files.delete(Path.of(lib, "nuner-cli-1.jar"));
        executable(temporary.resolve("java/bin/javac"), "#!/bin/sh\n");
        executable(home.resolve("mvnw"), """
                #!/bin/sh
                echo build >>builds
                sleep 2
                mkdir -p cli/target/dist/lib
                touch cli/target/dist/lib/nuner-cli-1.jar
                """);
        Files.writeString(Files.createDirectories(home.resolve("build")).resolve("lock"), "99999999\n");

        ExecutorService launchers = Executors.newCachedThreadPool();
        List<Future<List<String>>> outputs = launchers.invokeAll(Collections.nCopies(12, () -> run("extract")));
        launchers.shutdown();

        for (Future<List<String>> output : outputs) {
            assertThat(output.get(20, TimeUnit.SECONDS)).contains("extract", "telemetry=1");
        }
        assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(1);
        try (Stream<Path> left = Files.list(home.resolve("build"))) {
            assertThat(left).containsExactly(home.resolve("build/build.log"));
        }
    }

    private List<String> run(String... arguments) throws IOException, InterruptedException {
        return run(launcher, Map.of(), arguments);
    }

    private List<String> run(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder command = new ProcessBuilder(words).redirectErrorStream(true);
        command.environment().keySet().removeIf(name -> name.startsWith("NUNER_") || name.startsWith("JAVA"));
        command.environment().put("JAVA_HOME", temporary.resolve("java").toString());
        command.environment().put("XDG_CACHE_HOME", temporary.resolve("cache").toString());
        command.environment().putAll(environment);
        Process process = command.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    private String pathWithoutReadlink() throws IOException {
        Path tools = Files.createDirectories(temporary.resolve("tools"));
        for (String tool : TOOLS) {
            for (Path bin : List.of(Path.of("/bin", tool), Path.of("/usr/bin", tool))) {
                if (Files.exists(bin) && Files.notExists(tools.resolve(tool))) {
                    executable(tools.resolve(tool), "#!/bin/sh\nexec " + bin + " \"$@\"\n");
                }
            }
        }
        return tools.toString();
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
