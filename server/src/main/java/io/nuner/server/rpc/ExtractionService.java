package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.ServerStreamTracer;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.observe.FaultLog;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The methods of {@code nuner.v1.NerService}: every call is answered, whatever it holds. Any thread. */
public final class ExtractionService {
    private final Extractor extractor;
    private final RequestValidator validator;
    private final GetServerInfoResponse info;
    private final Workplace workplace;

    /** Serves one model on one engine. */
    public ExtractionService(TextModel model, Served served, Workplace workplace) {
        this.workplace = workplace;
        int maxTokens = served.engineLimits.maxRowTokens();
        validator = new RequestValidator(served.limits, model);
        info = ServerInfo.of(model, served.engine, served.limits, maxTokens, served.version);
        extractor = new Extractor(
                model,
                validator,
                maxTokens,
                new Extractor.Pipeline(
                        workplace.gate, workplace.ring, workplace.faults, workplace.observer, workplace.nanoClock));
    }

    void extract(Inbound<ExtractRequest> request, StreamObserver<ExtractResponse> observer) {
        ServerCallStreamObserver<ExtractResponse> call = (ServerCallStreamObserver<ExtractResponse>) observer;
        UnaryAnswer<ExtractResponse> answer = new UnaryAnswer<>(call);
        guard(request, answer, () -> {
            Runnable cancel = extractor.start(request.message(), "", caller(), new Answer() {
                @Override
                public void entities(ExtractResponse response) {
                    answer.response(response);
                }

                @Override
                public void refusal(Refusal refusal) {
                    answer.refusal(refusal);
                }
            });
            call.setOnCancelHandler(cancel);
        });
    }

    void extractBatch(Inbound<ExtractBatchRequest> request, StreamObserver<ExtractBatchResponse> observer) {
        ServerCallStreamObserver<ExtractBatchResponse> call = (ServerCallStreamObserver<ExtractBatchResponse>) observer;
        UnaryAnswer<ExtractBatchResponse> answer = new UnaryAnswer<>(call);
        guard(request, answer, () -> {
            List<ExtractRequest> texts = request.message().getRequestsList();
            Optional<Refusal> fault = validator.checkTexts(texts.size());
            if (fault.isPresent()) {
                refuse(fault.get(), texts.size(), answer);
                return;
            }
            List<Runnable> cancels = startAll(texts, answer);
            call.setOnCancelHandler(() -> cancels.forEach(Runnable::run));
        });
    }

    void getServerInfo(Inbound<GetServerInfoRequest> request, StreamObserver<GetServerInfoResponse> observer) {
        UnaryAnswer<GetServerInfoResponse> answer =
                new UnaryAnswer<>((ServerCallStreamObserver<GetServerInfoResponse>) observer);
        Refusal refusal = request.refusal();
        if (refusal == null) {
            answer.response(info);
        } else {
            answer.refusal(refusal);
        }
    }

    private List<Runnable> startAll(List<ExtractRequest> texts, UnaryAnswer<ExtractBatchResponse> answer) {
        if (texts.isEmpty()) {
            answer.response(ExtractBatchResponse.getDefaultInstance());
            return List.of();
        }
        Caller caller = caller();
        BatchAnswer items = new BatchAnswer(texts.size(), answer::response);
        List<Runnable> cancels = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            cancels.add(extractor.start(texts.get(i), "requests[" + i + "].", caller, items.item(i)));
        }
        return cancels;
    }

    private Caller caller() {
        long now = workplace.nanoClock.getAsLong();
        long deadline = workplace.deadline.ofCurrentCall(now);
        return new Caller(workplace.tenants.unnamed(), CallTrace.arrivedNanos(now), deadline);
    }

    /** Sees all calls with texts from their first frame on; for the transport. */
    public ServerStreamTracer.Factory callTraces() {
        Tenant tenant = workplace.tenants.unnamed();
        return CallTrace.factory(workplace.nanoClock, reason -> workplace.observer.refused(tenant, reason, 1));
    }

    private <T extends Message> void guard(Inbound<?> request, UnaryAnswer<T> answer, Runnable work) {
        if (!CallTrace.claim()) {
            return; // it was over before anybody read it
        }
        Refusal refusal = request.refusal();
        if (refusal != null) {
            refuse(refusal, 1, answer);
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            workplace.faults.report("a call failed", e);
            refuse(Refusal.of(Rejection.DEFECT), 1, answer);
        }
    }

    /** Refuses a whole call. */
    private void refuse(Refusal refusal, int texts, UnaryAnswer<?> answer) {
        workplace.observer.refused(workplace.tenants.unnamed(), refusal.reason(), texts);
        answer.refusal(refusal);
    }

    /**
     * What is served.
     *
     * @param engine what runs the model
     * @param engineLimits what one batch may hold
     * @param limits what a request may hold
     * @param version of this server
     */
    public record Served(EngineDescription engine, EngineLimits engineLimits, RequestLimits limits, String version) {}

    /**
     * What the service works with.
     *
     * @param gate the bound on work in flight
     * @param tenants whom calls may belong to
     * @param ring the way to the batcher
     * @param faults hears of defects
     * @param observer told what becomes of each text
     * @param nanoClock the server's clock
     * @param deadline how long a call may take
     */
    public record Workplace(
            AdmissionGate gate,
            Tenants tenants,
            BatcherRing ring,
            FaultLog faults,
            TextObserver observer,
            LongSupplier nanoClock,
            CallDeadline deadline) {}
}
