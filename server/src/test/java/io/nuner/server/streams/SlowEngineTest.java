package io.nuner.server.streams;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.RunningServer;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.StreamOptions;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of texts for an engine that does not get all of them done in time. */
@Timeout(60)
class SlowEngineTest {
    @Test
    void textsWaitWithTheClientOfASlowEngine() throws Exception {
        try (RunningServer running =
                RunningServer.start(RunningServer.CONFIG, new FakeEngine(new EngineLimits(1, 512, 512, 100), 1))) {
            running.engine.onRun(batch -> LockSupport.parkNanos(10_000_000));
            StreamCall stream = StreamCall.on(running.channel)
                    .send(StreamOptions.newBuilder()
                            .setItemTimeout(Duration.newBuilder().setNanos(500_000_000))
                            .build());
            for (int i = 0; i < 100; i++) { // more than half a second's worth of them would be under way
                stream.send(request("Ada met Zoë in Paris", "person"));
            }
            stream.halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            assertThat(stream.answers()).hasSize(100).allMatch(ExtractStreamResponse::hasResponse);
        }
    }

    @Test
    void aStreamLeavesRoomForCalls() throws Exception {
        FakeEngine engine = new FakeEngine(new EngineLimits(4, 512, 2048, 100), 1);
        engine.onRun(batch -> LockSupport.parkNanos(batch.tokenCount() * 100_000L));
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, engine)) {
            StreamCall stream = StreamCall.on(running.channel);
            for (int i = 0; i < 70; i++) { // one more is read for each that is answered
                stream.send(request("Ada met Bob. ".repeat(40), "person"));
            }
            stream.halfClose();
            int most = 0;
            while (!stream.isOver()) {
                most = Math.max(most, running.server.requestsInFlight());
                LockSupport.parkNanos(1_000_000);
            }

            assertThat(most).isBetween(4, 25); // 36 where a stream fills all that may stand
            assertThat(stream.answers()).hasSize(70).allMatch(ExtractStreamResponse::hasResponse);
        }
    }
}
