package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that cannot start says why in one line. */
class BadStartTest {
    @TempDir
    private Path directory;

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
    void anExportThatWouldOverwrite() throws IOException {
        CommandRun run = CommandRun.of("export", "--checkpoint=" + checkpoint(), "--out=" + directory);

        failsNaming(run, "--out " + directory, ExitCode.FAILED);
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
        CommandRun run = CommandRun.of("serve", "--model=x", "--port=4711", "--metrics-port=4711");

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
        "--max-requests=2000000000, --max-requests must be at least 1 and at most 1048576",
        "--max-message-bytes=2147483647, --max-message-bytes must be at most 1073741824",
        "--max-message-bytes=1073741824, --max-message-bytes must be at most half of what a connection may hold unread",
        "--max-connections=0, --max-connections must be at least 1",
        "--max-connections-per-peer=0, --max-connections-per-peer must be at least 1",
        "--trusted-proxies=localhost, --trusted-proxies",
        "--keepalive-min=0s, --keepalive-min must be longer than zero",
        "--max-idle-frames=0, --max-idle-frames must be at least 1",
        "--drain-grace=soon, --drain-grace",
        "--engine-slow=0s, --engine-slow must be longer than zero",
        "--engine-hung=5s, --engine-hung must be longer than --engine-slow",
        "--max-labels=0, --max-labels must be at least 1"
    })
    void anOptionThatIsWrong(String option, String named) {
        failsNaming(serve("x", option), named, ExitCode.USAGE);
    }

    private CommandRun serve(String model, String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "serve";
        all[1] = "--model=" + model;
        all[2] = "--cache=" + directory.resolve("cache");
        all[3] = "--host=127.0.0.1";
        System.arraycopy(options, 0, all, 4, options.length);
        return CommandRun.with(Map.of("NUNER_PORT", "0", "NUNER_METRICS_PORT", "0"), all);
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
