package io.nuner.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.ExtractRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
    @TempDir
    private Path directory;

    @RegisterExtension
    private final FakeServer server = new FakeServer();

    @Test
    void printsATable() {
        CommandRun run = bench("--rate=50,100", "--arrivals=constant", "--duration=300ms");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("server     1.2.3, none on cpu, fake")
                .contains("calls      open-loop, seed 1, 4 connections, deadline 10000 ms")
                .containsPattern("LOAD +OFFERED +ACHIEVED +GOODPUT +P50 +P90 +P99")
                .containsPattern("50/s +50.00 ")
                .containsPattern("100/s +100.00 ")
                .contains("50/s: {OK=15}, 0 hung")
                .contains("100/s: {OK=30}, 0 hung");
        assertThat(server.requests()).hasSize(45);
    }

    @Test
    void progressIsALineForEachTenthWhereThereIsNoTerminal() {
        CommandRun run = bench("--rate=20", "--duration=500ms", "--warm-up=500ms");

        assertThat(run.err().lines()).hasSizeBetween(3, 10).allMatch(line -> line.startsWith("bench: "));
        assertThat(run.err()).contains("bench: warm-up: sent ").contains("bench: 20/s: sent ");
    }

    @Test
    void writesJsonAndTrace() throws IOException {
        Path json = directory.resolve("bench.json");
        Path trace = directory.resolve("trace.jsonl");

        CommandRun run = bench(
                "--rate=100",
                "--arrivals=constant",
                "--duration=300ms",
                "--tenants=a:3,b:1",
                "--json=" + json,
                "--trace=" + trace);

        assertThat(run.out()).contains("30");
        JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertThat(report.get("mode").getAsString()).isEqualTo("open-loop");
        assertThat(report.get("interrupted").getAsBoolean()).isFalse();
        JsonObject options = report.getAsJsonObject("options");
        assertThat(options.get("target").getAsString()).isEqualTo(server.target());
        assertThat(options.getAsJsonObject("tenants").toString()).isEqualTo("{\"a\":3.0,\"b\":1.0}");
        JsonObject step = report.getAsJsonArray("steps").get(0).getAsJsonObject();
        assertThat(step.getAsJsonObject("calls").get("good").getAsInt()).isEqualTo(30);
        assertThat(run.err()).contains("trace: 0 calls; 30 left out, because no answer told their tokens");
        assertThat(trace).isEmptyFile();
    }

    @Test
    void jsonOnStandardOutputIsAloneThere() {
        CommandRun run = bench("--concurrency=2", "--duration=100ms", "--json=-");

        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(report.get("mode").getAsString()).isEqualTo("closed-loop");
        assertThat(report.get("note").getAsString()).contains("no claim about latency");
        assertThat(run.err()).contains("2 in flight").contains("no claim about latency");
    }

    @Test
    void ownTextsAndLabelsAreAskedFor() throws IOException {
        Path texts = Files.writeString(directory.resolve("texts"), "{\"text\": \"Ada\"}\n");

        bench("--rate=50", "--duration=200ms", "--texts=" + texts + "=2", "--labels=x, y");

        assertThat(server.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.getLabelsList()).containsExactly("x", "y"))
                .extracting(ExtractRequest::getText)
                .containsOnly("Ada");
    }

    @Test
    void anUnreachableServerIsOneLine() {
        CommandRun run = CommandRun.of("bench", "--rate=1", "--target=localhost:1");

        assertThat(run.err()).startsWith("nuner bench: UNAVAILABLE: --target localhost:1 does not serve: ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        "--rate=0, '--rate must be above 0 and at most 100000 per second'",
        "--rate=100001, '--rate must be above 0 and at most 100000 per second, but was 100001.0'",
        "--ramp=1:200000, '--ramp must be above 0 and at most 100000 per second, but was 200000.0'",
        "--ramp=fast, '--ramp must look like 50:500, but was fast'",
        "--concurrency=0, '--concurrency must be 1 to 10000, but was 0'",
        "--rate=1 --concurrency=1, '--rate, --ramp, --concurrency: give one of them'",
        "--seed=1, '--rate, --ramp, --concurrency: give one of them'",
        "--rate=1 --duration=121m, '--duration must be above 0 and at most 120m'",
        "'--rate=1,1 --duration=61m', '--duration must be at most 120m for all steps and the warm-up'",
        "--rate=1 --deadline=0s, '--deadline must be above 0 and at most 10m'",
        "--rate=1 --bulk=2, '--bulk must be in [0, 1], but was 2.0'",
        "--rate=1 --cancels=0.6 --malformed=0.6, '--malformed must be at most 1 together with cancels and timeouts'",
        "--rate=1 --connections=0, '--connections must be 1 to 1024, but was 0'",
        "--rate=1 --tenants=a:x, '--tenants must look like a:3,b:1'",
        "--rate=1 --tenants=a:0, '--tenants must have shares above 0'",
        "--rate=1 --labels=, '--labels must not be blank'",
        "--rate=1 --texts=f=x, '--texts must look like FILE or FILE=SHARE'",
        "--rate=1 --arrivals=random, --arrivals"
    })
    void aWrongOptionIsOneLineThatNamesIt(String options, String named) {
        CommandRun run = bench(options.split(" "));

        assertThat(run.err()).contains(named);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--json", "--trace"})
    void aFileThatCouldNotBeWrittenFailsBeforeTheWork(String option) {
        CommandRun run = bench("--rate=1", option + "=" + directory.resolve("absent/file"));

        assertThat(run.err()).contains("cannot write " + option).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void textsThatCannotBeReadAreNamedAndNotQuoted() throws IOException {
        Path texts = Files.writeString(directory.resolve("texts"), "secret");

        CommandRun run = bench("--rate=1", "--texts=" + texts);

        assertThat(run.err())
                .contains("--texts " + texts + ":1 is no JSON object")
                .doesNotContain("secret")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    private CommandRun bench(String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench", "--target=" + server.target()));
        boolean warms = List.of(arguments).stream().anyMatch(argument -> argument.startsWith("--warm-up"));
        if (!warms) {
            all.add("--warm-up=0s");
        }
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
