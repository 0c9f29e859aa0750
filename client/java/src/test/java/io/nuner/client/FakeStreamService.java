package io.nuner.client;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.Limits;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.StreamOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A server of streams without a model: every text is one entity. Answers a few texts at a time, shuffled unless the stream is in
 * order. {@code bad...} is refused, {@code away...} cannot be answered just then, {@code lost...} has an empty answer. Streams
 * follow the {@link Plan}s, one each, and then end when they should. Any thread.
 */
final class FakeStreamService extends NerServiceGrpc.NerServiceImplBase {
    private static final int ANSWERED_TOGETHER = 5;

    private final Queue<Plan> plans = new ConcurrentLinkedQueue<>();
    private final List<StreamOptions> streams = new CopyOnWriteArrayList<>();
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Random random;

    FakeStreamService(long seed) {
        random = new Random(seed);
    }

    /** How a stream ends: after it has read some texts and answered some of them. */
    record Plan(int reads, int answers, StatusRuntimeException end) {
        /** As a server that stops ends it. */
        static Plan drainingAfter(int texts) {
            return new Plan(texts, texts, failure(Status.Code.UNAVAILABLE, "DRAINING"));
        }

        /** As a connection that breaks ends it. */
        static Plan lostAfter(int reads, int answers) {
            return new Plan(reads, answers, Status.UNAVAILABLE.asRuntimeException());
        }
    }

    static StatusRuntimeException failure(Status.Code code, String reason) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("the stream ends")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("nuner.v1")
                        .setReason(reason)
                        .build()))
                .build());
    }

    FakeStreamService follow(Plan plan) {
        plans.add(plan);
        return this;
    }

    /** The options of all streams so far. */
    List<StreamOptions> streams() {
        return streams;
    }

    /** The texts of all streams so far. */
    List<String> read() {
        synchronized (read) {
            return List.copyOf(read);
        }
    }

    CountDownLatch cancelled() {
        return cancelled;
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
        observer.onNext(GetServerInfoResponse.newBuilder()
                .setLimits(Limits.newBuilder().setMaxMessageBytes(1000))
                .build());
        observer.onCompleted();
    }

    @Override
    public StreamObserver<ExtractStreamRequest> extractStream(StreamObserver<ExtractStreamResponse> observer) {
        ((ServerCallStreamObserver<ExtractStreamResponse>) observer).setOnCancelHandler(cancelled::countDown);
        Plan plan = plans.poll();
        return new Stream(observer, plan == null ? new Plan(-1, -1, Status.OK.asRuntimeException()) : plan);
    }

    /** One call. gRPC calls one method at a time. */
    private final class Stream implements StreamObserver<ExtractStreamRequest> {
        private final StreamObserver<ExtractStreamResponse> observer;
        private final Plan plan;
        private final List<ExtractStreamResponse> ready = new ArrayList<>();
        private boolean ordered;
        private long count;
        private boolean over;

        private Stream(StreamObserver<ExtractStreamResponse> observer, Plan plan) {
            this.observer = observer;
            this.plan = plan;
            endIfPlanned();
        }

        @Override
        public void onNext(ExtractStreamRequest message) {
            if (message.hasOptions()) {
                ordered = message.getOptions().getOrdered();
                streams.add(message.getOptions());
            } else if (!over) {
                read.add(message.getRequest().getText());
                add(answer(count, message.getRequest()));
                count++;
                endIfPlanned();
            }
        }

        private void add(ExtractStreamResponse answer) {
            ready.add(answer);
            boolean full = ready.size() == ANSWERED_TOGETHER;
            boolean planned = plan.reads() >= 0 && count < plan.answers();
            if (planned || (full && plan.reads() < 0)) {
                answerReady();
            }
        }

        private void answerReady() {
            if (!ordered) {
                Collections.shuffle(ready, random);
            }
            ready.forEach(observer::onNext);
            ready.clear();
        }

        private void endIfPlanned() {
            if (over || count != plan.reads()) {
                return;
            }
            observer.onError(plan.end());
            over = true;
        }

        @Override
        public void onError(Throwable failure) {
            over = true;
        }

        @Override
        public void onCompleted() {
            if (!over) {
                answerReady();
                observer.onCompleted();
                over = true;
            }
        }
    }

    private static ExtractStreamResponse answer(long index, ExtractRequest request) {
        String text = request.getText();
        ExtractStreamResponse.Builder answer =
                ExtractStreamResponse.newBuilder().setIndex(index);
        if (text.startsWith("bad")) {
            return answer.setError(error(Code.INVALID_ARGUMENT)).build();
        }
        if (text.startsWith("away")) {
            return answer.setError(error(Code.UNAVAILABLE)).build();
        }
        if (text.startsWith("lost")) {
            return answer.build();
        }
        return answer.setResponse(ExtractResponse.newBuilder()
                        .addEntities(Entity.newBuilder().setEnd(text.length()).setText(text)))
                .build();
    }

    private static com.google.rpc.Status error(Code code) {
        return com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage("not answered")
                .build();
    }
}
