package io.nuner.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanCommandTest {
    /** 10 ms a batch of one row; the drift doubles what was measured. */
    private static final String COSTS = """
            {"model": {"name": "m"}, "engine": {"name": "none", "device": "cpu", "lanes": 1},
             "limits": {"maxTokens": 512, "maxLabels": 10}, "aFieldOfLaterVersions": 1,
             "batchCosts": {"terms": {"fixed": 5000000}, "drift": 2, "maxRows": 1, "maxPaddedTokens": 4096}}
            """;

    @TempDir
    private Path directory;

    private Path trace = Path.of("");
    private Path costs = Path.of("");

    @BeforeEach
    void write() throws IOException {
        trace = directory.resolve("t.jsonl");
        costs = directory.resolve("costs.json");
        Files.writeString(costs, COSTS);
        Random random = new Random(1);
        StringBuilder lines = new StringBuilder();
        double at = 0;
        for (int i = 0; i < 5_000; i++) {
            at += -Math.log(1 - random.nextDouble()) * 1e6 / 50;
            lines.append("{\"at_micros\":" + (long) at + ",\"tokens\":" + (10 + random.nextInt(50)) + "}\n");
        }
        Files.writeString(trace, lines);
    }

    @Test
    void saysHowManyReplicasAreNeeded() {
        CommandRun run = plan("--rate=240", "--slo=p99=250ms");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("needed     3, for 240.00 texts/s")
                .contains("promise    p99=250ms, at most 0.10 % without an answer in time")
                .containsPattern("trace +.*t.jsonl: 5000 texts, \\d+\\.\\d\\d texts/s, \\d+\\.\\d tokens a text")
                .contains("engine     none on cpu, m, lanes 1, drift 2.00")
                .contains("assumed    overhead 1.00 ms a text, handover 0.50 ms a batch, jitter 5.0 %")
                .containsPattern(
                        "REPLICAS +OFFERED +ANSWERED +TOKENS/S +P50 +P90 +P99 +P99.9 +REFUSED +FILL +PAD +BUSY")
                .containsPattern("needed +3 +240.00 +")
                .containsPattern("one fewer +2 +240.00 +")
                .containsPattern("one at most +1 +");
    }

    @Test
    void jsonHoldsAllFiguresAndTheTableGoesToStandardError() {
        CommandRun run = plan("--rate=240", "--slo=p50=50ms,p99=250ms", "--json=-", "--overhead=2ms", "--jitter=0%");

        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(json.get("replicas").getAsInt()).isEqualTo(3);
        assertThat(json.getAsJsonObject("asked").get("slo").getAsString()).isEqualTo("p50=50ms, p99=250ms");
        assertThat(json.getAsJsonObject("server")
                        .getAsJsonObject("termsMicros")
                        .get("fixed")
                        .getAsDouble())
                .isEqualTo(10_000);
        assertThat(json.getAsJsonObject("needed").get("textsSimulated").getAsInt())
                .isGreaterThanOrEqualTo(20_000);
        assertThat(json.getAsJsonObject("needed").get("p50Millis").getAsDouble())
                .isBetween(12.1, 50.0);
        assertThat(json.getAsJsonObject("oneFewer").get("replicas").getAsInt()).isEqualTo(2);
        assertThat(json.getAsJsonObject("highestOfOne").get("offered").getAsDouble())
                .isBetween(80.0, 100.0);
        assertThat(run.err()).contains("needed     3, for 240.00 texts/s");
    }

    @Test
    void withoutARateTheTraceKeepsItsOwn() {
        CommandRun run = plan("--slo=p99=1s", "--texts=1");

        assertThat(run.out()).containsPattern("needed     1, for (49|50)\\.\\d\\d texts/s");
        assertThat(run.out()).contains("simulated  5000 texts");
    }

    @Test
    void whatAServerToldCanBeSavedAndTakenLater() throws IOException {
        Path saved = directory.resolve("saved.json");

        CommandRun first = plan("--slo=p99=1s", "--save-costs=" + saved);
        CommandRun second = CommandRun.of("plan", "--trace=" + trace, "--costs=" + saved, "--slo=p99=1s");

        assertThat(Files.readString(saved)).contains("\"fixed\": 5000000.0").contains("\"drift\": 2.0");
        assertThat(second.out()).isEqualTo(first.out());
    }

    @Test
    void aServerThatTellsNoCostsIsNamed() throws IOException {
        try (FakeServer server = new FakeServer()) {
            CommandRun run = CommandRun.of("plan", "--trace=" + trace, "--slo=p99=1s", "--target=" + server.target());

            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err().strip())
                    .isEqualTo("nuner plan: --target " + server.target() + " tells no batch costs");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --slo=p99              | option '--slo' (PERCENTILE=TIME): must look like p99=100ms or p99.9=2s, but was p99
                    --slo=p100=1s          | must look like p99=100ms or p99.9=2s, but was p100=1s
                    --slo=p99=1            | must look like p99=100ms or p99.9=2s, but was p99=1
                    --rate=0               | --rate must be from 0.01 to 1000000 texts/s, but was 0.0
                    --rate=NaN             | --rate must be from 0.01 to 1000000 texts/s, but was NaN
                    --max-refused=100%     | --max-refused must be from 0% to below 100%
                    --max-refused=1        | must look like 0.1% or 5%, but was 1
                    --jitter=201%          | --jitter must be from 0% to 200%
                    --overhead=-1ms        | --overhead must not be negative
                    --handover=-1us        | --handover must not be negative
                    --lanes=-1             | --lanes must be at least 0, but was -1
                    --max-requests=0       | --max-requests must be at least 1, but was 0
                    --max-tokens=511       | --max-tokens must be at least one text: 512, but was 511
                    --queue-delay=2x       | must look like 500ms, 10s or 2m, but was 2x
                    --max-linger=-1s       | --max-linger must be
                    --texts=0              | --texts must be from 1 to 5000000, but was 0
                    --texts=5000001        | --texts must be from 1 to 5000000, but was 5000001
                    --tenants=nowhere      | --tenants nowhere cannot be read
                    """)
    void aWrongOptionIsNamed(String option, String problem) {
        List<String> options = new ArrayList<>(List.of(option));
        if (!option.startsWith("--slo")) {
            options.add("--slo=p99=1s");
        }

        CommandRun run = plan(options.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(problem);
        assertThat(run.err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {                                                             | is no GetServerInfo answer in JSON
                    {}                                                            | tells no batch costs
                    {"engine":{"lanes":1},"batchCosts":{"drift":1}}               | tells batch costs that cannot be used: maxRows must be at least 1, but was 0
                    {"engine":{"lanes":1},"limits":{"maxTokens":9,"maxLabels":9},"batchCosts":{"maxRows":1,"maxPaddedTokens":9}} | tells batch costs that cannot be used: drift must be above 0, but was 0.0
                    """)
    void aCostsFileThatCannotBeUsedIsNamed(String content, String problem) throws IOException {
        Files.writeString(costs, content);

        CommandRun run = plan("--slo=p99=1s");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().strip()).isEqualTo("nuner plan: costs file " + costs + " " + problem);
    }

    @Test
    void aTraceThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(trace, "{\"at_micros\":0,\"tokens\":0}\n");

        CommandRun run = plan("--slo=p99=1s");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().strip())
                .isEqualTo("nuner plan: trace " + trace + ":1 tokens must be a whole number from 1 to 1000000");
    }

    @Test
    void aPromiseThatCannotBeHeldIsSaid() {
        CommandRun run = plan("--slo=p99=5ms", "--jitter=0%");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("no number of replicas holds p99=5ms: of one that is as good as idle, p99 is ");
    }

    private CommandRun plan(String... options) {
        List<String> all = new ArrayList<>(List.of("plan", "--trace=" + trace, "--costs=" + costs));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
