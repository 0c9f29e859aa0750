package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ServerStreamTracer;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.StreamAnswer;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.answers.StreamWork;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.rpc.RequestMarshaller.Inbound;
import io.nuner.server.texts.CallDeadline;
import io.nuner.server.texts.Caller;
import io.nuner.server.texts.Extractor;
import io.nuner.server.texts.LongTexts;
import io.nuner.server.texts.Pipeline;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.texts.RequestValidator;
import io.nuner.server.texts.TextModel;
import io.nuner.server.texts.WindowedTaskFactory;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The methods of {@code nuner.v1.NerService}: every call is answered, whatever it holds. Any thread. */
public final class ExtractionService {
    private final Extractor extractor;
    private final RequestValidator validator;
    private final ServerInfo info;
    private final Pipeline pipeline;
    private final StreamWork streams;
    private final Duration longestDocument;

    /**
     * Serves one model on one engine.
     *
     * @param limits what a request may hold
     * @param maxTokens tokens of prompt and text together
     * @param info the answer to {@code GetServerInfo}
     * @param streams what calls of several messages need
     * @param documents what texts of several rows need
     */
    public ExtractionService(
            TextModel model,
            RequestLimits limits,
            int maxTokens,
            ServerInfo info,
            Pipeline pipeline,
            Streams streams,
            Documents documents) {
        validator = new RequestValidator(limits, model);
        this.info = info;
        this.pipeline = pipeline;
        this.streams = streams.work(pipeline);
        longestDocument = documents.texts().longestDocument();
        WindowedTaskFactory windowedTasks =
                WindowedTaskFactory.of(model, maxTokens, documents.texts(), documents.threads(), pipeline);
        extractor = new Extractor(model, validator, maxTokens, windowedTasks, pipeline);
    }

    void extract(Inbound<ExtractRequest> request, StreamObserver<ExtractResponse> observer) {
        UnaryAnswer<ExtractResponse> answer = answer(observer);
        read(request, answer, () -> {
            Runnable cancel = extractor.start(request.message(), "", caller(), answer);
            answer.call().setOnCancelHandler(cancel);
        });
    }

    void extractBatch(Inbound<ExtractBatchRequest> request, StreamObserver<ExtractBatchResponse> observer) {
        UnaryAnswer<ExtractBatchResponse> answer = answer(observer);
        read(request, answer, () -> {
            List<ExtractRequest> texts = request.message().getRequestsList();
            Optional<Refusal> fault = validator.checkTexts(texts.size());
            if (fault.isPresent()) {
                refuse(fault.get(), texts.size(), answer::refusal);
                return;
            }
            List<Runnable> cancels = startAll(texts, answer);
            answer.call().setOnCancelHandler(() -> cancels.forEach(Runnable::run));
        });
    }

    void extractDocument(Inbound<ExtractDocumentRequest> request, StreamObserver<ExtractDocumentResponse> observer) {
        StreamAnswer<ExtractDocumentResponse> stream = streamAnswer(observer);
        if (CallTrace.claim()) {
            Consumer<Refusal> refuse = refusal -> refuse(refusal, 1, stream::refuse);
            guard(request, refuse, () -> start(request.message().getRequest(), stream));
        }
    }

    private void start(ExtractRequest request, StreamAnswer<ExtractDocumentResponse> stream) {
        long now = pipeline.nanoTime();
        DocumentAnswer answer = new DocumentAnswer(stream, request.getRequestId());
        Caller caller = new Caller(
                Identification.ofCurrentCall(),
                CallTrace.arrivedNanos(now),
                CallDeadline.ofCurrentDocument(now, longestDocument),
                answer::expect);
        Runnable cancel = extractor.startDocument(request, "request.", caller, answer);
        stream.onCancel(() -> {
            cancel.run();
            answer.ended(caller.endedAt(pipeline.nanoTime()));
        });
    }

    StreamObserver<Inbound<ExtractStreamRequest>> extractStream(StreamObserver<ExtractStreamResponse> observer) {
        StreamAnswer<ExtractStreamResponse> answer = streamAnswer(observer);
        boolean isLive = CallTrace.claim(); // its texts are counted one by one
        @Nullable Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? Long.MAX_VALUE / 4 : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        TextStream stream = new TextStream(
                extractor, pipeline, streams, answer, Identification.ofCurrentCall(), pipeline.nanoTime() + left);
        if (isLive) {
            stream.begin();
        }
        return stream;
    }

    /** The answer of a call of several messages, which reads on demand only. */
    private <T extends Message> StreamAnswer<T> streamAnswer(StreamObserver<T> observer) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
        call.disableAutoRequest();
        return new StreamAnswer<>(call, CallTrace.delivery(), CallTrace.wireBytes(), streams);
    }

    void getServerInfo(Inbound<GetServerInfoRequest> request, StreamObserver<GetServerInfoResponse> observer) {
        UnaryAnswer<GetServerInfoResponse> answer = answer(observer);
        guard(request, answer::refusal, () -> answer.response(info.now()));
    }

    /**
     * What texts of several rows need from the server. Immutable.
     *
     * @param texts how they are treated
     * @param threads do the work of rows that came back
     */
    public record Documents(LongTexts texts, Executor threads) {}

    /**
     * What calls of several messages need from the server. Immutable.
     *
     * @param limits how long they may stand still
     * @param timer runs what is due; its tasks are short
     * @param threads run their work
     */
    public record Streams(StreamLimits limits, ScheduledExecutorService timer, Executor threads) {
        private StreamWork work(Pipeline pipeline) {
            return new StreamWork(
                    limits,
                    timer,
                    threads,
                    pipeline.nanoClock(),
                    RejectionStatus::exception,
                    fault -> pipeline.faults().report("an answer could not be sent", fault));
        }
    }

    private <T extends Message> UnaryAnswer<T> answer(StreamObserver<T> observer) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
        return new UnaryAnswer<>(call, CallTrace.delivery(), pipeline.faults());
    }

    private List<Runnable> startAll(List<ExtractRequest> texts, UnaryAnswer<ExtractBatchResponse> answer) {
        if (texts.isEmpty()) {
            answer.response(ExtractBatchResponse.getDefaultInstance());
            return List.of();
        }
        Caller caller = caller();
        BatchAnswer items = new BatchAnswer(texts.size(), pipeline.limits().maxBytes(), answer);
        List<Runnable> cancels = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            cancels.add(extractor.start(texts.get(i), "requests[" + i + "].", caller, items.item(i)));
        }
        return cancels;
    }

    private Caller caller() {
        long now = pipeline.nanoTime();
        long deadline = pipeline.deadline().ofCurrentCall(now);
        return new Caller(
                Identification.ofCurrentCall(), CallTrace.arrivedNanos(now), deadline, CallTrace.delivery()::expect);
    }

    /**
     * Follows all calls from their first frame to their last; for the transport.
     *
     * @param stopping whether the server is being stopped
     */
    public ServerStreamTracer.Factory callTraces(BooleanSupplier stopping) {
        return CallTrace.factory(
                pipeline.nanoClock(), () -> new Delivery(pipeline.unsent(), this::notCounted), this::unread, stopping);
    }

    /** Runs on the transport's thread, so nothing may be thrown. */
    private void unread(Rejection reason) {
        try {
            pipeline.observer().unread(reason);
        } catch (RuntimeException | Error e) {
            notCounted(e);
        }
    }

    private void notCounted(Throwable fault) {
        pipeline.faults().report("a call could not be counted", fault);
    }

    /** Answers a call with texts; each of its texts is counted, whatever happens. */
    private void read(Inbound<?> request, UnaryAnswer<?> answer, Runnable work) {
        if (CallTrace.claim()) { // else it ended, and was counted, before this
            guard(request, refusal -> refuse(refusal, 1, answer::refusal), work);
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
            pipeline.faults().report("a call failed", e);
            refuse.accept(Refusal.of(Rejection.DEFECT));
        }
    }

    /** Refuses a whole call. */
    private void refuse(Refusal refusal, int texts, Consumer<Refusal> answer) {
        try {
            pipeline.observer().refused(Identification.ofCurrentCall(), refusal.reason(), texts);
        } finally {
            answer.accept(refusal);
        }
    }
}
