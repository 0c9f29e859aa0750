package io.nuner.server.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Futures;
import io.grpc.Status;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.CallerText;
import io.nuner.server.RandomRequests;
import io.nuner.server.RunningServer;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.StreamOptions;
import io.nuner.v1.Timings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever texts go through ExtractStream: offsets cut each entity out of the caller's own string, in every unit, and the answer
 * is the one of a single call.
 */
class StreamPropertyTest {
    private static final long SEED = 20_261_130;
    private static final int TEXTS_OF_A_STREAM = 50;

    private final RandomRequests requests = new RandomRequests(SEED);
    private long entities;
    private long windows;

    @Test
    void streamedTextsAreAnsweredAsSingleCalls() throws Exception {
        check(400);
        assertThat(entities).isGreaterThan(20_000);
        assertThat(windows).as("more than there are texts").isGreaterThan(1_200);
    }

    @Test
    @Tag("long")
    void manyStreamedTextsAreAnsweredAsSingleCalls() throws Exception {
        check(100_000);
        System.out.println("ExtractStream: 100000 texts x 3 units, " + windows + " windows, " + entities
                + " entities, 0 slices that differ, 0 answers other than those of Extract, seed " + SEED);
    }

    private void check(int texts) throws Exception {
        try (RunningServer running =
                RunningServer.start(RunningServer.CONFIG, new FakeEngine(RunningServer.LIMITS, 1, 3))) {
            for (int first = 0; first < texts; first += TEXTS_OF_A_STREAM) {
                checkStream(running, first / TEXTS_OF_A_STREAM % 2 == 0);
                running.engine.forgetBatches();
            }
        }
    }

    private void checkStream(RunningServer running, boolean ordered) throws Exception {
        List<ExtractRequest> sent = new ArrayList<>();
        for (int i = 0; i < TEXTS_OF_A_STREAM; i++) {
            sent.addAll(requests.inEveryUnit(i == 0 ? 2_000 : 60)); // many of these are searched in windows
        }
        StreamCall stream = StreamCall.on(running.channel)
                .send(StreamOptions.newBuilder().setOrdered(ordered).build());
        sent.forEach(stream::send);
        stream.halfClose();
        List<ExtractResponse> alone = Futures.allAsList(
                        sent.stream().map(running.futureStub()::extract).toList())
                .get();

        assertThat(stream.code()).isEqualTo(Status.Code.OK);
        assertThat(stream.answers().stream().map(ExtractStreamResponse::getIndex))
                .doesNotHaveDuplicates()
                .hasSameSizeAs(sent);
        for (ExtractStreamResponse answer : stream.answers()) {
            int index = (int) answer.getIndex();
            check(answer.getResponse(), sent.get(index), alone.get(index));
        }
    }

    private void check(ExtractResponse answer, ExtractRequest request, ExtractResponse alone) {
        assertThat(CallerText.of(request).slices(answer.getEntitiesList()))
                .as("seed %d", SEED)
                .isEqualTo(
                        answer.getEntitiesList().stream().map(Entity::getText).toList());
        assertThat(timeless(answer)).as("seed %d", SEED).isEqualTo(timeless(alone));
        entities += answer.getEntitiesCount();
        windows += answer.getUsage().getWindows();
    }

    private static ExtractResponse timeless(ExtractResponse response) {
        return response.toBuilder().setTimings(Timings.getDefaultInstance()).build();
    }
}
