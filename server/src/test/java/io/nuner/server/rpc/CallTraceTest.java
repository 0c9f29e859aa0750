package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.texts.Caller;
import io.nuner.v1.NerServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every call has one fate, whoever tells it. */
class CallTraceTest {
    private final List<Rejection> unread = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final UnsentAnswers unsent = new UnsentAnswers(AnswerLimits.DEFAULT, () -> 42, Thread::new);
    private final ServerStreamTracer.Factory factory =
            CallTrace.factory(() -> 42, this::delivery, unread::add, stopping::get);

    @AfterEach
    void close() {
        unsent.close();
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED, CANCELLED", "DEADLINE_EXCEEDED, EXPIRED", "UNAVAILABLE, CANCELLED", "INTERNAL, INVALID"})
    void aCallThatEndsBeforeItIsReadIsCountedByItsStatus(Status.Code code, Rejection reason) {
        trace().streamClosed(code.toStatus());

        assertThat(unread).containsExactly(reason);
    }

    @Test
    void aCallThatIsRefusedByItsHeadersIsCountedByWhatItIsTold() throws Exception {
        ServerStreamTracer trace = trace();

        in(trace).run(() -> CallTrace.refused(Rejection.OVERLOADED));
        trace.streamClosed(Status.RESOURCE_EXHAUSTED);

        assertThat(unread).containsExactly(Rejection.OVERLOADED);
    }

    @Test
    void onlyAServerThatIsStoppedShutsDown() {
        stopping.set(true);

        trace().streamClosed(Status.UNAVAILABLE);

        assertThat(unread).containsExactly(Rejection.SHUTTING_DOWN);
    }

    @Test
    void aCallThatWasReadIsItsReadersToCount() throws Exception {
        ServerStreamTracer trace = trace();

        assertThat(in(trace).call(CallTrace::claim)).isTrue();
        trace.streamClosed(Status.CANCELLED);

        assertThat(unread).isEmpty();
    }

    @Test
    void aCallThatIsOverIsNotRead() throws Exception {
        ServerStreamTracer trace = trace();
        trace.streamClosed(Status.CANCELLED);

        assertThat(in(trace).call(CallTrace::claim)).isFalse();
    }

    @Test
    void knowsWhenItsCallArrived() throws Exception {
        assertThat(in(trace()).call(() -> CallTrace.arrivedNanos(99))).isEqualTo(42);
        assertThat(CallTrace.arrivedNanos(99)).as("outside of a call").isEqualTo(99);
    }

    @Test
    void callsWithoutTextsAreNotLookedAt() {
        ServerStreamTracer trace = factory.newServerStreamTracer(
                NerServiceGrpc.getGetServerInfoMethod().getFullMethodName(), new Metadata());

        trace.streamClosed(Status.CANCELLED);

        assertThat(unread).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 899, CANCELLED",
        "1000, 950, EXPIRED",
        "1000, 1001, EXPIRED",
        "50, 39, CANCELLED",
        "50, 40, EXPIRED"
    })
    void aCallThatEndsAboutAtItsDeadlineHasExpired(long deadlineMillis, long endMillis, Rejection reason) {
        long arrived = Long.MAX_VALUE - 1; // nano clocks may overflow
        Tenant anybody = new Tenants(Map.of(), 0).unnamed();
        Caller caller = new Caller(anybody, arrived, arrived + deadlineMillis * 1_000_000, delivery()::expect);

        assertThat(caller.endedAt(arrived + endMillis * 1_000_000)).isEqualTo(reason);
    }

    @Test
    void aMethodThatIsForgottenEndsTheStart() {
        assertThatCode(() -> CallTrace.requireKnown(NerServiceGrpc.getServiceDescriptor()))
                .doesNotThrowAnyException();
        assertThatIllegalStateException()
                .isThrownBy(() -> CallTrace.requireKnown(withOneMore()))
                .withMessageContaining("nuner.v1.NerService/ExtractLater");
        assertThatIllegalStateException()
                .isThrownBy(() -> ServiceBinding.requireBound(withOneMore(), List.of()))
                .withMessageContaining("nuner.v1.NerService/ExtractLater")
                .withMessageContaining("nuner.v1.NerService/Extract,");
    }

    private static ServiceDescriptor withOneMore() {
        ServiceDescriptor known = NerServiceGrpc.getServiceDescriptor();
        ServiceDescriptor.Builder more = ServiceDescriptor.newBuilder(known.getName());
        known.getMethods().forEach(more::addMethod);
        return more.addMethod(NerServiceGrpc.getExtractMethod().toBuilder()
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(known.getName(), "ExtractLater"))
                        .build())
                .build();
    }

    private ServerStreamTracer trace() {
        return factory.newServerStreamTracer(NerServiceGrpc.getExtractMethod().getFullMethodName(), new Metadata());
    }

    private static Context in(ServerStreamTracer trace) {
        return trace.filterContext(Context.ROOT);
    }

    private Delivery delivery() {
        return new Delivery(unsent, defect -> {
            throw new AssertionError(defect);
        });
    }
}
