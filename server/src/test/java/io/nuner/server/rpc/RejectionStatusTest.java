package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.protobuf.StatusProto;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.rpc.RejectionStatus.RefusedCall;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RejectionStatusTest {
    private static final long MILLI = 1_000_000L;
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    @ParameterizedTest
    @CsvSource({"0,50,100", "49,50,100", "400,400,800", "1500,1500,2000", "3600000,1500,2000"})
    void whoIsSentAwayIsToldWhenToComeBackAndNotAllAtOnce(long hintMillis, long least, long most) throws Exception {
        Set<Long> delays = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            RefusedCall refused = refused(Refusal.of(Rejection.OVERLOADED, hintMillis * MILLI));
            RetryInfo retry = detail(refused, RetryInfo.class);

            assertThat(Durations.toMillis(retry.getRetryDelay())).isBetween(least, most);
            assertThat(Durations.isValid(retry.getRetryDelay())).isTrue();
            delays.add(Durations.toMillis(retry.getRetryDelay()));
        }
        assertThat(delays).hasSizeGreaterThan(10);
    }

    /** Whatever a client's retry policy says, an overload gets no second attempt of the same call. */
    @ParameterizedTest
    @EnumSource
    void grpcIsToldNotToRepeatWhatCostsTheServer(Rejection reason) {
        RefusedCall refused = refused(Refusal.of(reason));

        assertThat(refused.trailers().get(PUSHBACK))
                .isEqualTo(refused.getStatus().getCode() == io.grpc.Status.Code.RESOURCE_EXHAUSTED ? "-1" : null);
    }

    @Test
    void anOverloadedServerSaysSo() throws Exception {
        ErrorInfo info = detail(refused(Refusal.of(Rejection.OVERLOADED, 0)), ErrorInfo.class);

        assertThat(info.getReason()).isEqualTo("OVERLOADED");
        assertThat(info.getDomain()).isEqualTo("nuner.v1");
    }

    @Test
    void aDeadlineThatIsTooNearIsAnsweredWithTheEstimate() throws Exception {
        RefusedCall refused = refused(Refusal.of(Rejection.UNMEETABLE, 345 * MILLI));

        assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.DEADLINE_EXCEEDED);
        assertThat(refused.getStatus().getDescription())
                .isEqualTo("the deadline is too near: it would take about 345 ms");
        ErrorInfo info = detail(refused, ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("UNMEETABLE");
        assertThat(info.getMetadataMap()).containsEntry("estimate_ms", "345");
        assertThat(refused.trailers().containsKey(PUSHBACK)).isFalse();
    }

    @Test
    void anItemOfABatchCarriesTheSameDetails() throws Exception {
        Status item = RejectionStatus.of(Refusal.of(Rejection.UNMEETABLE, 7 * MILLI));

        assertThat(item.getDetails(0).unpack(ErrorInfo.class).getMetadataMap()).containsEntry("estimate_ms", "7");
    }

    @Test
    void aRefusalCostsNoStackTrace() {
        assertThat(refused(Refusal.of(Rejection.EXPIRED)).getStackTrace()).isEmpty();
    }

    private static RefusedCall refused(Refusal refusal) {
        return RejectionStatus.exception(refusal);
    }

    private static <T extends com.google.protobuf.Message> T detail(RefusedCall refused, Class<T> type)
            throws InvalidProtocolBufferException {
        Status status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                return detail.unpack(type);
            }
        }
        throw new AssertionError("no " + type.getSimpleName());
    }
}
