package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.nuner.engine.testing.Scoring;
import io.nuner.model.decode.EntitySpan;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.AnswerSize;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.Limits;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What fits is answered; what is one too many is refused with numbers and never repeated. */
class AnswerBoundsTest {
    private static final int ENTITIES = 100;
    private static final int BYTES = 1 << 16;

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start(RunningServer.CONFIG.toBuilder()
                .metrics(MetricsConfig.on(0))
                .answers(AnswerLimits.DEFAULT.of(ENTITIES, BYTES))
                .build());
        running.engine.score(Scoring.constant(3));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void theServerTellsItsBounds() {
        Limits limits = running.stub()
                .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                .getLimits();

        assertThat(limits.getMaxEntities()).isEqualTo(ENTITIES);
        assertThat(limits.getMaxAnswerBytes()).isEqualTo(BYTES);
    }

    @Test
    void theDefaultAnswerCanBeReadByClientsWithDefaults() {
        assertThat(ServerConfig.DEFAULT.answers().maxBytes()).isLessThan(4 << 20);
    }

    @Test
    void entitiesUpToTheBoundAreGiven() {
        assertThat(entities(ENTITIES - 1)).isEqualTo(ENTITIES - 1);
        assertThat(entities(ENTITIES)).isEqualTo(ENTITIES);
    }

    private static int entities(int words) {
        return running.stub().extract(LargeAnswers.request(words, 1, 4)).getEntitiesCount();
    }

    @Test
    void oneEntityMoreIsRefusedWithNumbers() throws Exception {
        StatusRuntimeException refused = refusal(LargeAnswers.request(ENTITIES + 1, 1, 4));

        assertRefused(
                refused,
                "the answer would have 101 entities, more than the limit of 100;"
                        + " ExtractDocument gives it in parts; a higher threshold, fewer labels or a shorter text make it smaller");
    }

    @Test
    void bytesUpToTheBoundAreGiven() {
        for (int bytes = BYTES - 1; bytes <= BYTES; bytes++) {
            ExtractResponse response = running.stub().extract(ofBytes(bytes));

            assertThat(response.getEntitiesCount()).isEqualTo(1);
            assertThat(response.getSerializedSize()).isBetween(bytes - 200, bytes);
        }
    }

    @Test
    void oneByteMoreIsRefusedWithNumbers() throws Exception {
        assertRefused(
                refusal(ofBytes(BYTES + 1)),
                "the answer would take 65537 bytes, more than the limit of 65536;"
                        + " ExtractDocument gives it in parts; a higher threshold, fewer labels or a shorter text make it smaller");
    }

    /** A text of one word, as long as it must be. */
    private static ExtractRequest ofBytes(int bytes) {
        int length = bytes;
        long size = Long.MAX_VALUE;
        while (size > bytes) {
            length--;
            size = AnswerSize.of(word(length), List.of(new EntitySpan(0, length, 0, 0.9f)), 0);
        }
        assertThat(size).isEqualTo(bytes);
        return word(length);
    }

    private static ExtractRequest word(int length) {
        return request("w".repeat(length), "city");
    }

    private static StatusRuntimeException refusal(ExtractRequest request) {
        return Objects.requireNonNull(catchThrowableOfType(
                StatusRuntimeException.class, () -> running.stub().extract(request)));
    }

    private static void assertRefused(StatusRuntimeException refused, String message)
            throws InvalidProtocolBufferException {
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).isEqualTo(message);
        ErrorInfo info = Objects.requireNonNull(StatusProto.fromThrowable(refused))
                .getDetails(0)
                .unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("ANSWER_TOO_LARGE");
        assertThat(message)
                .contains(info.getMetadataOrThrow("count"), info.getMetadataOrThrow("limit"))
                .contains(info.getMetadataOrThrow("unit"));
        Metadata trailers = Objects.requireNonNull(refused.getTrailers());
        assertThat(trailers.keys()).doesNotContain("grpc-retry-pushback-ms");
    }

    @Test
    void ofABatchOnlyTheTextThatDoesNotFitAnyMoreFails() {
        ExtractBatchRequest batch = ExtractBatchRequest.newBuilder()
                .addRequests(word(28_000))
                .addRequests(word(28_000))
                .addRequests(word(28_000))
                .addRequests(LargeAnswers.request(ENTITIES + 1, 1, 4))
                .addRequests(request("Ada", "city"))
                .build();

        ExtractBatchResponse response = running.stub().extractBatch(batch);

        assertThat(response.getSerializedSize()).isLessThanOrEqualTo(BYTES);
        List<ExtractBatchItem> refused = response.getItemsList().stream()
                .filter(ExtractBatchItem::hasError)
                .toList();
        assertThat(refused)
                .hasSize(2)
                .allSatisfy(
                        item -> assertThat(item.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value()));
        assertThat(refused.get(0).getError().getMessage()).contains("does not fit into the 65536 bytes");
        assertThat(refused.get(1).getError().getMessage()).contains("101 entities");
        assertThat(response.getItems(4).hasResponse()).isTrue();
    }

    @Test
    void aFullBatchOfRefusalsStaysBelowTheBound() {
        ExtractBatchRequest.Builder batch = ExtractBatchRequest.newBuilder();
        for (int i = 0; i < 32; i++) {
            batch.addRequests(request("Ada", "x".repeat(256), "x".repeat(257)));
        }

        ExtractBatchResponse response = running.stub().extractBatch(batch.build());

        assertThat(response.getItemsList()).allMatch(ExtractBatchItem::hasError);
        assertThat(response.getSerializedSize()).isLessThanOrEqualTo(32 * 1024);
    }

    @Test
    void tooLargeAnswersAreCountedAsThat() throws Exception {
        String series = "nuner_requests_total{outcome=\"answer_too_large\",tenant=\"default\"}";
        double before = Scrape.of(running).value(series);

        refusal(LargeAnswers.request(ENTITIES + 1, 1, 4));

        Waiting.until(() -> running.requestsCounted() > 0);
        assertThat(Scrape.of(running).value(series)).isEqualTo(before + 1);
    }
}
