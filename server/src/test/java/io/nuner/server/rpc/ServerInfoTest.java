package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineLimits;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.texts.CallDeadline;
import io.nuner.server.texts.LongTexts;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.texts.TextModel;
import io.nuner.v1.CallTimes;
import io.nuner.v1.EngineInfo;
import io.nuner.v1.EngineParity;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.ModelInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerInfoTest {
    private static final CostTable CELLS = new CostTable(
            List.of(),
            new CostModel(new CostTerms(1, 0, 0, 0, 0), EngineCells.ANY),
            new EngineLimits(16, 512, 4096, 100),
            "none");

    @Test
    void anEngineOfLowerPrecisionSaysHowCloseItCame() {
        ParityReport report = new ParityReport("onnx 1.29.0", "fp16", 24, 310, 1, 2, 0.0042, 0.0017);
        EngineDescription engine = new EngineDescription("tensorrt", "11.2.1", "H200", 2, Optional.of(report));

        assertThat(info(engine).getParity())
                .isEqualTo(EngineParity.newBuilder()
                        .setReference("onnx 1.29.0")
                        .setPrecision("fp16")
                        .setRows(24)
                        .setSpans(310)
                        .setDiffering(1)
                        .setWithinMargin(2)
                        .setMaxDifference(0.0042)
                        .setP999Difference(0.0017)
                        .build());
    }

    @Test
    void anEngineThatComputesInFloat32HasNothingToCompare() {
        EngineInfo info = info(new EngineDescription("onnx", "1.29.0", "cpu", 1));

        assertThat(info.hasParity()).isFalse();
        assertThat(info.getName()).isEqualTo("onnx");
        assertThat(info.getLanes()).isEqualTo(1);
    }

    @Test
    void saysHowLongStreamsMayStandStill() {
        GetServerInfoResponse info = response(new EngineDescription("onnx", "1.29.0", "cpu", 1));

        assertThat(info.getLimits().getMaxStreamTexts()).isEqualTo(7);
        assertThat(info.getCallTimes().getStreamIdle())
                .isEqualTo(
                        com.google.protobuf.Duration.newBuilder().setSeconds(90).build());
        assertThat(info.getCallTimes().getStreamStall())
                .isEqualTo(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(1)
                        .setNanos(500_000_000)
                        .build());
    }

    @Test
    void saysHowLongCallsMayTakeAndHowOftenClientsMayPing() {
        CallTimes times =
                response(new EngineDescription("onnx", "1.29.0", "cpu", 1)).getCallTimes();

        assertThat(times.getUnsetDeadline().getSeconds()).isEqualTo(11);
        assertThat(times.getLongestDeadline().getSeconds()).isEqualTo(61);
        assertThat(times.getKeepaliveMinimum())
                .isEqualTo(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(7)
                        .setNanos(500_000_000)
                        .build());
    }

    private static EngineInfo info(EngineDescription engine) {
        return response(engine).getEngine();
    }

    private static GetServerInfoResponse response(EngineDescription engine) {
        StreamLimits streams = new StreamLimits(7, Duration.ofSeconds(90), Duration.ofMillis(1500));
        ServerInfo.Options options = new ServerInfo.Options(
                RequestLimits.DEFAULT,
                AnswerLimits.DEFAULT,
                streams,
                new CallDeadline(Duration.ofSeconds(11), Duration.ofSeconds(61)),
                LongTexts.DEFAULT,
                Duration.ofMillis(7500),
                "test");
        return new ServerInfo(new NoModel(), engine, CELLS, () -> 1, options).now();
    }

    /** Encodes nothing. */
    private static final class NoModel implements TextModel {
        @Override
        public ModelInfo info() {
            return ModelInfo.getDefaultInstance();
        }

        @Override
        public int maxWords() {
            return 1;
        }

        @Override
        public List<String> forbiddenSubstrings() {
            return List.of();
        }

        @Override
        public Optional<LabelProblem> check(List<String> labels) {
            return Optional.empty();
        }

        @Override
        public Prompt prompt(List<String> labels) {
            throw new UnsupportedOperationException("not asked in this test");
        }

        @Override
        public TextEncoder encoder() {
            throw new UnsupportedOperationException("not asked in this test");
        }
    }
}
