package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineException;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.costs.CostTable;
import io.nuner.server.rpc.BatchCostsProto;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredStartTest {
    @Test
    void theServerTellsWhatBatchesCostOnItsEngine() throws Exception {
        FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 2);
        engine.padTo(EngineCells.copyOf(List.of(64, 512), List.of(1, 16)));
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, engine)) {
            GetServerInfoResponse info = running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());
            CostTable measured = running.server.costs();

            BatchCosts costs = info.getBatchCosts();
            assertThat(costs.getMeasuredList())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(batch -> batch.getMeasuredNanos() > 0);
            assertThat(costs.getRowLengthsList()).containsExactly(64, 512);
            assertThat(costs.getRowCountsList()).containsExactly(1, 16);
            assertThat(costs.getMaxRows()).isEqualTo(RunningServer.LIMITS.maxRows());
            assertThat(costs.getMaxPaddedTokens()).isEqualTo(RunningServer.LIMITS.maxBatchTokens());
            assertThat(costs.getDrift()).isEqualTo(1);
            assertThat(BatchCostsProto.table(costs, info.getLimits()).costs()).isEqualTo(measured.costs());
            assertThat(measured.origin()).isEqualTo("measured at start");
        }
    }

    @Test
    void anEngineThatIsLostWhileItIsMeasuredDoesNotStart() {
        FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 2);
        engine.failWith(() -> EngineException.engineLost("gone", new IllegalStateException()));

        assertThatThrownBy(() -> RunningServer.start(RunningServer.CONFIG, engine))
                .isInstanceOf(EngineException.class)
                .hasMessage("gone");
        assertThat(engine.openLanes()).isZero();
        assertThat(engine.isClosed()).isTrue();
    }

    @Test
    void anEngineThatFailsWhileItIsMeasuredServesLater() throws Exception {
        FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 1);
        engine.failWith(() -> EngineException.batchFailed("not yet"));
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, engine)) {
            engine.onRun(batch -> {});

            assertThat(running.stub()
                            .extract(RunningServer.request("Paris", "city"))
                            .getTimings()
                            .getBatchRows())
                    .isEqualTo(1);
            assertThat(running.server.costs().origin()).contains("not yet");
        }
    }

    @Test
    void theTimeToMeasureIsBounded() {
        assertThatThrownBy(() -> ServerConfig.builder()
                        .calibration(Duration.ofMillis(-1))
                        .build())
                .hasMessageStartingWith("batching.calibration must be zero or longer");
        assertThatThrownBy(() -> ServerConfig.builder()
                        .calibration(Duration.ofMinutes(11))
                        .build())
                .hasMessageStartingWith("batching.calibration must be at most 10 minutes");
    }
}
