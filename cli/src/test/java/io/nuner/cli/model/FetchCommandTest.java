package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.hub.FakeHub;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a hub to a served model, by the command line. */
class FetchCommandTest {
    private static final String MODEL = "numind/Tiny";
    private static final String ENCODER = "tiny/encoder";

    @TempDir
    private Path directory;

    private FakeHub hub;
    private Path cache;

    @BeforeEach
    void openHub() throws IOException {
        cache = directory.resolve("cache");
        hub = new FakeHub();
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        String config = Files.readString(checkpoint.resolve("gliner_config.json"));
        hub.add(
                MODEL,
                "gliner_config.json",
                config.replace("tiny-deberta", ENCODER).getBytes(StandardCharsets.UTF_8));
        hub.add(MODEL, "encoder_config.json", Files.readAllBytes(checkpoint.resolve("encoder_config.json")));
        hub.add(MODEL, "model.safetensors", Files.readAllBytes(checkpoint.resolve("model.safetensors")));
        hub.add(ENCODER, "tokenizer.json", Files.readAllBytes(checkpoint.resolve("tokenizer.json")));
    }

    @AfterEach
    void closeHub() throws IOException {
        hub.close();
    }

    @Test
    void aFetchedModelIsExportedAndServedByItsName() throws Exception {
        CommandRun run = fetch(Map.of());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).isEqualTo(fetched() + System.lineSeparator());
        assertThat(run.err()).contains("fetched model.safetensors", "exporting: ");
        String host = hasIpv6() ? "::1" : "127.0.0.1";
        String printed = hasIpv6() ? "[::1]:" : "127.0.0.1:";
        try (ServerProcess server =
                ServerProcess.start(List.of("--model=" + MODEL, "--cache=" + cache, "--host=" + host))) {
            assertThat(server.startLines()).noneMatch(line -> line.startsWith("exporting: "));
            assertThat(server.startLines()).anyMatch(line -> line.contains("model Tiny@" + FakeHub.COMMIT));
            assertThat(server.startLines()).anyMatch(line -> line.contains("serving on " + printed + server.port()));
            assertThat(server.startLines()).anyMatch(line -> line.contains("health on http://" + printed));
        }
    }

    @Test
    void whatIsThereIsNeitherFetchedNorExportedAgain() {
        fetch(Map.of());

        CommandRun second = fetch(Map.of());

        assertThat(second.out()).isEqualTo(fetched() + System.lineSeparator());
        assertThat(second.err()).isEmpty();
    }

    @Test
    void theExportMayBeLeftToTheFirstStart() {
        CommandRun run = fetch(Map.of(), "--no-export");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).doesNotContain("exporting: ");
        assertThat(cache.resolve("models")).doesNotExist();
    }

    @Test
    void theEndpointMayComeFromOurVariableToo() {
        CommandRun run = fetch(Map.of("NUNER_ENDPOINT", hub.address(), "HF_ENDPOINT", "http://hub.invalid"));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void theTokenIsPrintedNowhere() {
        CommandRun run = fetch(Map.of("HF_TOKEN", "hf_secret"), "--revision=gone");

        assertThat(run.err())
                .isEqualTo("nuner fetch: numind/Tiny has no revision gone at 127.0.0.1" + System.lineSeparator());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aModelThatCannotBeUsedHasItsOwnExitCode() {
        hub.add(MODEL, "encoder_config.json", "{\"model_type\": \"abacus\"}".getBytes(StandardCharsets.UTF_8));

        CommandRun run = fetch(Map.of());

        assertThat(run.err()).contains("model_type is abacus");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
    }

    @ParameterizedTest
    @CsvSource({
        "NUNER_REVISION, a b, --revision must be a branch",
        "HF_ENDPOINT, hub.example, --endpoint (HF_ENDPOINT) must be an http or https address",
        "HF_ENDPOINT, https://user:hf_secret@hub.example, --endpoint (HF_ENDPOINT) must be an http or https address",
        "HF_TOKEN, hf_ secret, HF_TOKEN holds characters",
        "NUNER_EXPORT, perhaps, --export",
        "https_proxy, socks5://me:secret@proxy:1080, https_proxy must be http://HOST:PORT",
    })
    void aWrongSettingIsOneLineThatNamesIt(String variable, String value, String named) {
        CommandRun run = fetch(Map.of(variable, value));

        refusesUsage(run, named);
        assertThat(run.err()).doesNotContain("secret");
    }

    @Test
    void aNameThatIsNoneIsOneLineThatSaysHowItMustLook() {
        refusesUsage(CommandRun.of("fetch", "../NuNER_Zero"), "OWNER/NAME must look like numind/NuNER_Zero");
        refusesUsage(CommandRun.of("fetch"), "OWNER/NAME");
    }

    private static boolean hasIpv6() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    private static void refusesUsage(CommandRun run, String named) {
        assertThat(run.err()).contains(named).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private CommandRun fetch(Map<String, String> variables, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "fetch";
        arguments[1] = MODEL;
        arguments[2] = "--cache=" + cache;
        System.arraycopy(options, 0, arguments, 3, options.length);
        Map<String, String> environment = new HashMap<>(Map.of("HF_ENDPOINT", hub.address()));
        environment.putAll(variables);
        return CommandRun.with(environment, arguments);
    }

    private Path fetched() {
        return cache.resolve("hub/numind/Tiny@" + FakeHub.COMMIT);
    }
}
