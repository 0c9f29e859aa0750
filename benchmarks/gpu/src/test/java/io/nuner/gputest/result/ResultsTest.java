package io.nuner.gputest.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.gputest.result.StageResult.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir
    Path directory;

    @Test
    void aFigureIsMeasuredAgainstItsAim() {
        assertThat(Measurement.of("share", 45, "%").atLeast(45).verdict()).isEqualTo("met");
        assertThat(Measurement.of("share", 44.9, "%").atLeast(45).verdict()).isEqualTo("missed");
        assertThat(Measurement.of("time", 3.99, "ms").below(4).verdict()).isEqualTo("met");
        assertThat(Measurement.of("time", 4, "ms").below(4).aim()).isEqualTo("< 4 ms");
        assertThat(Measurement.of("time", 4, "ms").below(4).verdict()).isEqualTo("missed");
    }

    @Test
    void whatIsNoNumberIsNoFigure() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.of("share", Double.NaN, "%"))
                .withMessage("share is NaN, no number");
    }

    @Test
    void numbersHaveFourDigits() {
        assertThat(Measurement.number(0)).isEqualTo("0");
        assertThat(Measurement.number(561_234)).isEqualTo("561,234");
        assertThat(Measurement.number(3.14159)).isEqualTo("3.142");
        assertThat(Measurement.number(45.678)).isEqualTo("45.68");
        assertThat(Measurement.number(12_345.6)).isEqualTo("12,346");
        assertThat(Measurement.number(0.0123456)).isEqualTo("0.01235");
        assertThat(Measurement.number(0.00012345)).isEqualTo("1.23e-04");
    }

    @Test
    void aRecordComesBackAsItWasWritten() throws Exception {
        Path file = directory.resolve("S5.json");
        StageRecord record = new StageRecord();
        record.measured(Measurement.of("S=128, 2 lanes", 561_000, "tokens/s"));
        record.note("no peak");
        record.fact("gpu", "some");
        record.failed("broken");
        record.writeTo(file);

        StageRecord read = StageRecord.read(file);

        assertThat(read.value("S=128, 2 lanes")).contains(561_000.0);
        assertThat(read.value("S=64, 2 lanes")).isEmpty();
        assertThat(read.notes()).containsExactly("no peak");
        assertThat(read.facts().get("gpu").getAsString()).isEqualTo("some");
        assertThat(read.failure()).isEqualTo("broken");
    }

    @Test
    void aMissingOrDamagedRecordIsAnEmptyOne() throws Exception {
        Path file = Files.writeString(directory.resolve("S5.json"), "{\"measurements\": [{");

        assertThat(StageRecord.read(file).notes()).hasSize(1);
        assertThat(StageRecord.read(directory.resolve("S6.json")).measurements())
                .isEmpty();
    }

    @Test
    void theTableShowsStagesFiguresAimsAndTheirSum() {
        StageRecord record = new StageRecord();
        record.measured(Measurement.of("share of peak", 50, "%").atLeast(45));
        record.measured(Measurement.of("latency", 5, "ms").below(4));
        record.note("seen");
        StageResult done =
                new StageResult("S5", "throughput", new Ending(StageResult.Status.OK, "", 12.34, 60), record);
        StageResult late = new StageResult(
                "S7",
                "server",
                new Ending(StageResult.Status.TIMED_OUT, "killed at its limit", 60, 60),
                new StageRecord());

        List<String> lines = ResultsTable.lines(List.of(done, late, StageResult.skipped("S8", "torch", "no torch")));

        assertThat(lines.get(0)).startsWith("S5 ").contains("throughput", " ok ", "12.3 s");
        assertThat(lines.get(1))
                .contains("share of peak", "50 %", "aim >= 45 %")
                .endsWith("met");
        assertThat(lines.get(2)).contains("latency", "5 ms", "aim < 4 ms").endsWith("missed");
        assertThat(lines.get(3)).isEqualTo("     note: seen");
        assertThat(lines.get(4)).contains("timed out").endsWith("killed at its limit");
        assertThat(lines.get(5)).contains("skipped").endsWith("no torch");
        assertThat(lines.get(6)).isEqualTo("aims: 1 met, 1 missed; stages: 1 ok, 1 failed, 1 skipped");
    }

    @Test
    void theFileHoldsEveryStageAndHowFarTheRunCame() throws Exception {
        ResultsFile file = new ResultsFile(directory.resolve("results.json"), new JsonObject(), "2026-11-25T12:00:00Z");

        file.write("interrupted", 1.239, List.of(StageResult.skipped("S8", "torch", "no torch")));

        JsonObject json = JsonParser.parseString(Files.readString(file.path())).getAsJsonObject();
        assertThat(json.get("progress").getAsString()).isEqualTo("interrupted");
        assertThat(json.get("seconds").getAsDouble()).isEqualTo(1.24);
        JsonObject stage = json.getAsJsonArray("stages").get(0).getAsJsonObject();
        assertThat(stage.get("status").getAsString()).isEqualTo("skipped");
        assertThat(stage.get("reason").getAsString()).isEqualTo("no torch");
    }
}
