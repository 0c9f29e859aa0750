package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.ServerStreamTracer;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.engine.EngineDescription;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.costs.CostTable;
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The methods of {@code nuner.v1.NerService}: every call is answered, whatever it holds. Any thread. */
public final class ExtractionService {
    private final Extractor extractor;
    private final RequestValidator validator;
    private final ServerInfo info;
    private final Workplace workplace;

    /** Serves one model on one engine. */
    public ExtractionService(TextModel model, Served served, Workplace workplace) {
        this.workplace = workplace;
        int maxTokens = served.cells.limits().maxRowTokens();
        validator = new RequestValidator(served.limits, model);
        info = new ServerInfo(model, served);
        extractor = new Extractor(
                model,
                validator,
                maxTokens,
                new Extractor.Pipeline(
                        workplace.gate,
                        workplace.ring,
                        workplace.desk,
                        workplace.faults,
                        workplace.observer,
                        workplace.nanoClock,
                        workplace.unsent.limits()));
    }

    void extract(Inbound<ExtractRequest> request, StreamObserver<ExtractResponse> observer) {
        ServerCallStreamObserver<ExtractResponse> call = (ServerCallStreamObserver<ExtractResponse>) observer;
        UnaryAnswer<ExtractResponse> answer = answer(call);
        read(request, answer, () -> {
            Runnable cancel = extractor.start(request.message(), "", caller(), new Answer() {
                @Override
                public Optional<Refusal> turnsAway(ExtractResponse response) {
                    return Optional.empty();
                }

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
        UnaryAnswer<ExtractBatchResponse> answer = answer(call);
        read(request, answer, () -> {
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
        UnaryAnswer<GetServerInfoResponse> answer = answer((ServerCallStreamObserver<GetServerInfoResponse>) observer);
        guard(request, answer::refusal, () -> answer.response(info.now()));
    }

    private <T extends Message> UnaryAnswer<T> answer(ServerCallStreamObserver<T> call) {
        return new UnaryAnswer<>(call, CallTrace.delivery(), workplace.faults);
    }

    private List<Runnable> startAll(List<ExtractRequest> texts, UnaryAnswer<ExtractBatchResponse> answer) {
        if (texts.isEmpty()) {
            answer.response(ExtractBatchResponse.getDefaultInstance());
            return List.of();
        }
        Caller caller = caller();
        BatchAnswer items = new BatchAnswer(
                texts.size(), workplace.unsent.limits().maxBytes(), caller.delivery(), answer::response);
        List<Runnable> cancels = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            cancels.add(extractor.start(texts.get(i), "requests[" + i + "].", caller, items.item(i)));
        }
        return cancels;
    }

    private Caller caller() {
        long now = workplace.nanoClock.getAsLong();
        long deadline = workplace.deadline.ofCurrentCall(now);
        return new Caller(Identification.ofCurrentCall(), CallTrace.arrivedNanos(now), deadline, CallTrace.delivery());
    }

    /**
     * Sees all calls from their first frame to their last; for the transport.
     *
     * @param stopping whether the server is being stopped
     */
    public ServerStreamTracer.Factory callTraces(BooleanSupplier stopping) {
        return CallTrace.factory(
                workplace.nanoClock, () -> new Delivery(workplace.unsent, this::notCounted), this::unread, stopping);
    }

    /** On the transport's thread, which must not end by what an observer throws. */
    private void unread(Rejection reason) {
        try {
            workplace.observer.unread(reason);
        } catch (RuntimeException | Error e) {
            notCounted(e);
        }
    }

    private void notCounted(Throwable fault) {
        workplace.faults.report("a call could not be counted", fault);
    }

    /** Answers a call with texts; each of its texts is counted, whatever happens. */
    private void read(Inbound<?> request, UnaryAnswer<?> answer, Runnable work) {
        if (CallTrace.claim()) { // else it was over before anybody read it
            guard(request, refusal -> refuse(refusal, 1, answer), work);
        }
    }

    private void guard(Inbound<?> request, Consumer<Refusal> refuse, Runnable work) {
        Refusal refusal = request.refusal();
        if (refusal != null) {
            refuse.accept(refusal);
            return;
        }
        if (!CallTrace.delivery().mayAsk()) {
            refuse.accept(Refusal.of(Rejection.UNREAD_ANSWERS));
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            workplace.faults.report("a call failed", e);
            refuse.accept(Refusal.of(Rejection.DEFECT));
        }
    }

    /** Refuses a whole call. */
    private void refuse(Refusal refusal, int texts, UnaryAnswer<?> answer) {
        try {
            workplace.observer.refused(Identification.ofCurrentCall(), refusal.reason(), texts);
        } finally {
            answer.refusal(refusal);
        }
    }

    /**
     * What is served.
     *
     * @param engine what runs the model
     * @param cells what a batch costs and may hold
     * @param drift time of recent batches over what they should cost; called on any thread
     * @param limits what a request may hold
     * @param answers what an answer may hold
     * @param version of this server
     */
    public record Served(
            EngineDescription engine,
            CostTable cells,
            DoubleSupplier drift,
            RequestLimits limits,
            AnswerLimits answers,
            String version) {}

    /**
     * What the service works with.
     *
     * @param gate the bound on work in flight
     * @param ring the way to the batcher
     * @param desk answers what the batcher refuses
     * @param unsent the bounds on answers and on those that are on their way out
     * @param faults hears of defects
     * @param observer told what becomes of each text
     * @param nanoClock the server's clock
     * @param deadline how long a call may take
     */
    public record Workplace(
            AdmissionGate gate,
            BatcherRing ring,
            Reply.Desk desk,
            UnsentAnswers unsent,
            FaultLog faults,
            TextObserver observer,
            LongSupplier nanoClock,
            CallDeadline deadline) {}
}
