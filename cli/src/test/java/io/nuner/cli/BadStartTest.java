package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that cannot start says why in one line, and soon. */
class BadStartTest {
    /** Generous, for machines that do other work, too. */
    private static final EndTimes TIMES = new EndTimes(Duration.ofSeconds(30));

    @TempDir
    private Path directory;

    private String name = "";

    @BeforeEach
    void takeName(TestInfo test) {
        String method = test.getTestMethod().map(Method::getName).orElse("");
        name = test.getDisplayName().startsWith(method) ? method : method + " " + test.getDisplayName();
    }

    /** In this virtual machine: the start of one of its own is not in it. */
    @AfterAll
    static void printTimes() {
        System.out.print(TIMES.report("row 25: bad starts"));
    }

    @Test
    void aModelThatIsNotThere() {
        failsNaming(serve("/does/not/exist"), "--model /does/not/exist", ExitCode.BAD_MODEL);
    }

    @Test
    void aDirectoryThatIsNoModel() {
        failsNaming(serve(directory.toString()), "gliner_config.json", ExitCode.BAD_MODEL);
    }

    @ParameterizedTest
    @CsvSource({"SAFETENSORS, model.safetensors", "PYTORCH_BIN, pytorch_model.bin"})
    void truncatedWeights(WeightsFormat format, String file) throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, format);
        truncate(checkpoint.resolve(file));

        failsNaming(serve(checkpoint.toString()), file, ExitCode.BAD_MODEL);
    }

    @Test
    void missingWeights() throws IOException {
        Path checkpoint = checkpoint();
        Files.delete(checkpoint.resolve("model.safetensors"));

        failsNaming(serve(checkpoint.toString()), "model.safetensors", ExitCode.BAD_MODEL);
    }

    @ParameterizedTest
    @CsvSource({"'\"marker\"', '\"token_level\"', token_level", "'\"hidden_size\": ', '\"hidden_size\": 1', ''"})
    void aConfigurationThatDoesNotFit(String from, String to, String named) throws IOException {
        Path config = checkpoint().resolve("gliner_config.json");
        String content = Files.readString(config);
        assertThat(content).contains(from);
        Files.writeString(config, content.replace(from, to));

        failsNaming(serve(directoryOf(config)), named, ExitCode.BAD_MODEL);
    }

    @Test
    void anExportedModelWithADamagedFile() throws IOException {
        Path exported = directory.resolve("exported");
        CommandRun export = CommandRun.of("export", "--checkpoint=" + checkpoint(), "--out=" + exported);
        assertThat(export.exitCode()).as(export.err()).isEqualTo(ExitCode.OK);
        truncate(exported.resolve("encoder.weights"));

        failsNaming(serve(exported.toString()), "encoder.weights", ExitCode.BAD_MODEL);
    }

    @Test
    void anExportedModelWithOtherWeightsThanAskedFor() {
        Path exported = directory.resolve("exported");
        run(
                Map.of("NUNER_WEIGHTS", "int8", "NUNER_ACCEPT_LOSS", "true"),
                "export",
                "--checkpoint=" + checkpoint(),
                "--out=" + exported);

        failsNaming(
                serve(exported.toString(), "--weights=float32"),
                "--weights is float32, but --model " + exported + " was exported with int8",
                ExitCode.USAGE);
    }

    /** Reading a pipe would wait for ever for somebody to write into it. */
    @ParameterizedTest
    @ValueSource(strings = {"head.onnx", "encoder.weights", "tokenizer.json", "manifest.json"})
    void anExportedModelWithAPipeOrNothingBehindAName(String name) throws IOException, InterruptedException {
        Path exported = directory.resolve("exported");
        CommandRun.of("export", "--checkpoint=" + checkpoint(), "--out=" + exported);
        Path file = exported.resolve(name);
        Files.delete(file);
        pipe(file);
        failsNaming(serve(exported.toString()), name + ": is no file", ExitCode.BAD_MODEL);

        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("nowhere"));
        failsNaming(serve(exported.toString()), name + ": not found", ExitCode.BAD_MODEL);

        Files.delete(file);
        Files.createDirectory(file);
        failsNaming(serve(exported.toString()), name + ": is no file", ExitCode.BAD_MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "tokenizer.json", "encoder_config.json", "gliner_config.json"})
    void aCheckpointWithAPipeForAFile(String name) throws IOException, InterruptedException {
        Path file = checkpoint().resolve(name);
        Files.delete(file);
        pipe(file);

        failsNaming(serve(directoryOf(file)), name + ": is no file", ExitCode.BAD_MODEL);
    }

    @Test
    void aDeviceForAFile() throws IOException {
        Path file = checkpoint().resolve("tokenizer.json");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));

        failsNaming(serve(directoryOf(file)), "tokenizer.json: is no file", ExitCode.BAD_MODEL);
    }

    @Test
    void anExportThatWouldOverwrite() throws IOException {
        CommandRun run = run(Map.of(), "export", "--checkpoint=" + checkpoint(), "--out=" + directory);

        failsNaming(run, "--out " + directory, ExitCode.FAILED);
    }

    @Test
    void anExportToAPlaceWhereNothingCanBeMade() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc here");
        Path file = Files.createFile(directory.resolve("file"));

        failsNaming(export("/proc/zz"), "/proc/zz: cannot be written: ", ExitCode.FAILED);
        failsNaming(export(file + "/out"), file + "/out: cannot be written: ", ExitCode.FAILED);
    }

    @Test
    void aCacheWhereNothingCanBeMade() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        CommandRun run =
                run(Map.of(), "serve", "--port=0", "--no-metrics", "--model=" + checkpoint(), "--cache=" + file);

        failsNaming(run, "(--cache): ", ExitCode.FAILED);
    }

    @Test
    void aModelThatIsAFileOrBelowOne() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        failsNaming(serve(file.toString()), "--model " + file + " is neither a directory", ExitCode.BAD_MODEL);
        failsNaming(serve(file + "/x"), "--model " + file + "/x is neither a directory", ExitCode.BAD_MODEL);
    }

    @ParameterizedTest
    @CsvSource({"gliner_config.json", "encoder_config.json", "tokenizer.json", "model.safetensors"})
    void aPointerInPlaceOfAFile(String name) throws IOException {
        Path file = checkpoint().resolve(name);
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n");

        failsNaming(serve(directoryOf(file)), name + ": is a Git LFS pointer", ExitCode.BAD_MODEL);
    }

    @Test
    void weightsOfAnotherKind() throws IOException {
        Path checkpoint = checkpoint();
        Files.move(checkpoint.resolve("model.safetensors"), checkpoint.resolve("model.onnx"));

        failsNaming(serve(checkpoint.toString()), "but model.onnx (ONNX), which is not supported", ExitCode.BAD_MODEL);
    }

    @Test
    void anAddressThatIsNotOfThisMachine() {
        CommandRun elsewhere = run(Map.of(), "serve", "--model=x", "--port=0", "--host=192.0.2.7");
        CommandRun nowhere = run(Map.of(), "serve", "--model=x", "--port=0", "--host=host.invalid");

        failsNaming(elsewhere, "cannot listen on --port 0 on --host 192.0.2.7", ExitCode.FAILED);
        failsNaming(nowhere, "--host host.invalid is not known here", ExitCode.FAILED);
    }

    @Test
    void aTenantsFileThatIsNotThere() {
        failsNaming(
                serve("x", "--tenants=/does/not/exist"), "--tenants /does/not/exist cannot be read", ExitCode.USAGE);
    }

    @Test
    void anEngineThatCannotRunHere() {
        failsNaming(serve("x", "--engine=tensorrt"), "--engine tensorrt", ExitCode.NO_ENGINE);
    }

    @Test
    void anEngineThatDoesNotExist() {
        failsNaming(serve("x", "--engine=abacus"), "--engine must be one of auto, tensorrt, onnx", ExitCode.USAGE);
    }

    @Test
    void theServersPortForMetricsToo() {
        CommandRun run = run(Map.of(), "serve", "--model=x", "--port=4711", "--metrics-port=4711");

        failsNaming(run, "--metrics-port must be another one than the server's", ExitCode.USAGE);
    }

    @Test
    void aMetricsPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String option = "--metrics-port=" + taken.getLocalPort();

            failsNaming(serve("x", option), "--metrics-port " + taken.getLocalPort(), ExitCode.FAILED);
            failsNaming(serve("/does/not/exist", option, "--no-metrics"), "--model", ExitCode.BAD_MODEL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prot=1, --prot",
        "--port=-1, --port must be from 0 to 65535",
        "--port=x, --port",
        "--metrics-port=65536, --metrics-port must be from 0 to 65535",
        "--metrics-port=x, --metrics-port",
        "--lanes=-1, --lanes must be at least 0",
        "--batch-rows=-1, --batch-rows must be at least 0",
        "--batch-tokens=-1, --batch-tokens must be at least 0",
        "--row-tokens=0, --row-tokens must be at least 1",
        "--threads=-1, --threads must be at least 0",
        "--precision=fp8, --precision",
        "'--profiles=64,32', --profiles must ascend from 1 or more",
        "'--profiles=0,32', --profiles must ascend from 1 or more",
        "--max-requests=0, --max-requests must be at least 1",
        "--max-requests=2000000000, '--max-requests must be at most 1000000, but was 2000000000'",
        "--max-tokens=9000000000000000000, --max-tokens must be at most 1000000000",
        "--max-message-bytes=2147483647, --max-message-bytes must be at most 268435456",
        "--max-text-bytes=2147483647, --max-text-bytes must be at most 268435456",
        "--max-labels=2000000000, --max-labels must be at most 10000",
        "--max-label-bytes=2147483647, --max-label-bytes must be at most 268435456",
        "--max-texts=2000000000, --max-texts must be at most 10000",
        "--max-tenants=2000000000, --max-tenants must be from 0 to 100000",
        "--lanes=2000000000, --lanes must be at most 1024",
        "--lanes=many, --lanes",
        "--threads=2000000000, --threads must be at most 1024",
        "--batch-rows=2000000000, --batch-rows must be at most 65536",
        "--batch-tokens=2000000000, --batch-tokens must be at most 16777216",
        "--row-tokens=2000000000, --row-tokens must be at most 16777216",
        "--max-requests=99999999999, --max-requests",
        "--max-message-bytes=268435456, --max-message-bytes must be at most half of what a connection may hold unread",
        "--max-connections=0, --max-connections must be at least 1",
        "--max-connections-per-peer=0, --max-connections-per-peer must be at least 1",
        "--trusted-proxies=localhost, --trusted-proxies",
        "--keepalive-min=0s, --keepalive-min must be longer than zero",
        "--max-idle-frames=0, --max-idle-frames must be at least 1",
        "--drain-grace=soon, --drain-grace",
        "--engine-slow=0s, --engine-slow must be longer than zero",
        "--engine-hung=5s, --engine-hung must be longer than --engine-slow",
        "--max-labels=0, --max-labels must be at least 1",
        "--weights=int4, --weights"
    })
    void anOptionThatIsWrong(String option, String named) {
        failsNaming(serve("x", option), named, ExitCode.USAGE);
    }

    private CommandRun export(String out) {
        return run(Map.of(), "export", "--checkpoint=" + checkpoint(), "--out=" + out);
    }

    @Test
    void threadsOfLanesThatATrialFinds() {
        failsNaming(serve("x", "--lanes=auto", "--threads=1"), "--threads is for a number of --lanes", ExitCode.USAGE);
    }

    private CommandRun serve(String model, String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "serve";
        all[1] = "--model=" + model;
        all[2] = "--cache=" + directory.resolve("cache");
        all[3] = "--host=127.0.0.1";
        System.arraycopy(options, 0, all, 4, options.length);
        return run(Map.of("NUNER_PORT", "0", "NUNER_METRICS_PORT", "0"), all);
    }

    private CommandRun run(Map<String, String> environment, String... arguments) {
        return TIMES.of(name, () -> CommandRun.with(environment, arguments));
    }

    private static void pipe(Path file) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
    }

    private Path checkpoint() {
        return Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    private static String directoryOf(Path file) {
        return String.valueOf(file.getParent());
    }

    private static void truncate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }

    private static void failsNaming(CommandRun run, String named, int exitCode) {
        assertThat(run.err()).contains(named);
        assertThat(run.err().lines().filter(line -> !line.startsWith("exporting: ")))
                .hasSize(1);
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }
}
