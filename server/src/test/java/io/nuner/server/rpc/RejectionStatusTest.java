package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.protobuf.StatusProto;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Limit;
import io.nuner.server.batching.Refusal.Read;
import io.nuner.server.batching.Refusal.Safe;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.rpc.RejectionStatus.RefusedCall;
import io.nuner.v1.ErrorDetails;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractBatchItem;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CANCELLED", "UNDELIVERED"})
    void everyRefusalSaysItsReasonOnceAsANameAndOnceAsAType(Rejection reason) throws Exception {
        ErrorInfo info = detail(refused(Refusal.of(reason)), ErrorInfo.class);

        assertThat(info.getReason()).isEqualTo(reason.name());
        assertThat(info.getDomain()).isEqualTo("nuner.v1");
        assertThat(RejectionStatus.details(Refusal.of(reason)).getReason().name())
                .isEqualTo("ERROR_REASON_" + info.getReason());
    }

    @Test
    void everyReasonOfTheContractIsOneThatTheServerGives() {
        Set<ErrorReason> given = Stream.of(Rejection.values())
                .map(RejectionStatus::reason)
                .filter(reason -> reason != ErrorReason.ERROR_REASON_UNSPECIFIED)
                .collect(Collectors.toSet());

        Set<ErrorReason> promised = EnumSet.allOf(ErrorReason.class);
        promised.removeAll(Set.of(ErrorReason.ERROR_REASON_UNSPECIFIED, ErrorReason.UNRECOGNIZED));
        assertThat(given).isEqualTo(promised);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CANCELLED", "UNDELIVERED"})
    void onlyWhatMayBeTriedAgainSaysWhen(Rejection reason) {
        boolean retry = RejectionStatus.details(Refusal.of(reason)).hasRetryInfo();

        assertThat(retry).isEqualTo(RejectionStatus.code(reason) == Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void whatIsTooLargeIsTheCallersFaultAndNoOverload() {
        assertThat(Stream.of(Rejection.values())
                        .filter(reason -> reason.name().contains("_TOO_"))
                        .map(RejectionStatus::code))
                .hasSize(4)
                .containsOnly(Code.INVALID_ARGUMENT);
    }

    @Test
    void theFieldIsNamedOnceInTheDetailsAndOnceInTheMessage() throws Exception {
        Refusal refusal = Refusal.invalid("labels[1]", "must not be blank");
        FieldViolation violation = detail(refused(refusal), BadRequest.class).getFieldViolations(0);

        assertThat(violation.getField()).isEqualTo("labels[1]");
        assertThat(violation.getDescription()).isEqualTo("must not be blank");
        assertThat(refused(refusal).getStatus().getDescription()).isEqualTo("labels[1] must not be blank");
    }

    private static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(new Excess(385, 384, Unit.WORDS), Map.of("count", "385", "limit", "384", "unit", "words")),
                Arguments.of(new Limit(1024, Unit.BYTES), Map.of("limit", "1024", "unit", "bytes")),
                Arguments.of(new Read(17), Map.of("requests_read", "17")),
                Arguments.of(new Safe(4711), Map.of("safe_until", "4711")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void numbersAreToldToPrograms(Refusal.Fact fact, Map<String, String> metadata) throws Exception {
        ErrorInfo info = detail(refused(Refusal.of(Rejection.DRAINING, fact)), ErrorInfo.class);

        assertThat(info.getMetadataMap()).isEqualTo(metadata);
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
    void anItemOfABatchCarriesTheSameDetailsTwice() throws Exception {
        ExtractBatchItem item = RejectionStatus.item(Refusal.of(Rejection.UNMEETABLE, 7 * MILLI));

        ErrorInfo info = item.getError().getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getMetadataMap()).containsEntry("estimate_ms", "7");
        assertThat(item.getErrorDetails())
                .isEqualTo(ErrorDetails.newBuilder()
                        .setReason(ErrorReason.ERROR_REASON_UNMEETABLE)
                        .setErrorInfo(info)
                        .build());
    }

    @Test
    void bothFormsOfADelayAreTheSame() throws Exception {
        ExtractBatchItem item = RejectionStatus.item(Refusal.of(Rejection.OVERLOADED, 400 * MILLI));

        assertThat(item.getError().getDetails(0).unpack(RetryInfo.class))
                .isEqualTo(item.getErrorDetails().getRetryInfo());
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
