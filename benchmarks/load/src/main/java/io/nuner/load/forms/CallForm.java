package io.nuner.load.forms;

import com.google.protobuf.Duration;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.StreamOptions;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A form of call by which many texts can be sent over one connection. Immutable. */
sealed interface CallForm {
    /** Longest time of one call, and of one text of a stream. */
    long DEADLINE_SECONDS = 60;

    String name();

    /** Sends all texts and waits for all answers; gives how many texts have one. Whatever fails is not repeated. */
    long answered(List<ExtractRequest> texts, Channel channel) throws InterruptedException;

    /**
     * A call for each text.
     *
     * @param inFlight calls at a time
     */
    record Unary(int inFlight) implements CallForm {
        @Override
        public String name() {
            return "Extract, " + inFlight + " in flight";
        }

        @Override
        public long answered(List<ExtractRequest> texts, Channel channel) throws InterruptedException {
            AtomicLong answered = new AtomicLong();
            Semaphore free = new Semaphore(inFlight);
            for (ExtractRequest text : texts) {
                free.acquire();
                NerServiceGrpc.newStub(channel)
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .extract(text, new Counting<ExtractResponse>(answered, free) {
                            @Override
                            long texts(ExtractResponse answer) {
                                return 1;
                            }
                        });
            }
            free.acquire(inFlight);
            return answered.get();
        }
    }

    /**
     * A call for several texts.
     *
     * @param size texts of a call
     * @param inFlight calls at a time
     */
    record Batches(int size, int inFlight) implements CallForm {
        @Override
        public String name() {
            return "ExtractBatch of " + size + ", " + inFlight + " in flight";
        }

        @Override
        public long answered(List<ExtractRequest> texts, Channel channel) throws InterruptedException {
            AtomicLong answered = new AtomicLong();
            Semaphore free = new Semaphore(inFlight);
            for (int from = 0; from < texts.size(); from += size) {
                List<ExtractRequest> some = texts.subList(from, Math.min(texts.size(), from + size));
                free.acquire();
                NerServiceGrpc.newStub(channel)
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .extractBatch(
                                ExtractBatchRequest.newBuilder()
                                        .addAllRequests(some)
                                        .build(),
                                new Counting<ExtractBatchResponse>(answered, free) {
                                    @Override
                                    long texts(ExtractBatchResponse answer) {
                                        return answer.getItemsList().stream()
                                                .filter(item -> item.hasResponse())
                                                .count();
                                    }
                                });
            }
            free.acquire(inFlight);
            return answered.get();
        }
    }

    /** One call for all texts. */
    record Stream() implements CallForm {
        @Override
        public String name() {
            return "ExtractStream";
        }

        @Override
        public long answered(List<ExtractRequest> texts, Channel channel) throws InterruptedException {
            AtomicLong answered = new AtomicLong();
            Semaphore free = new Semaphore(0);
            NerServiceGrpc.newStub(channel).extractStream(new Sending(texts.iterator(), answered, free));
            free.acquire();
            return answered.get();
        }
    }

    /** Counts the texts that are answered, and says when the call is over. Any thread. */
    abstract class Counting<A> implements StreamObserver<A> {
        private final AtomicLong answered;
        private final Semaphore free;

        Counting(AtomicLong answered, Semaphore free) {
            this.answered = answered;
            this.free = free;
        }

        abstract long texts(A answer);

        @Override
        public void onNext(A answer) {
            answered.addAndGet(texts(answer));
        }

        @Override
        public void onError(Throwable failure) {
            free.release();
        }

        @Override
        public void onCompleted() {
            free.release();
        }
    }

    /** Sends texts while the connection takes them. gRPC calls one method at a time. */
    final class Sending extends Counting<ExtractStreamResponse>
            implements ClientResponseObserver<ExtractStreamRequest, ExtractStreamResponse> {
        private final Iterator<ExtractRequest> texts;
        private boolean begun;
        private boolean ended;

        private Sending(Iterator<ExtractRequest> texts, AtomicLong answered, Semaphore free) {
            super(answered, free);
            this.texts = texts;
        }

        @Override
        long texts(ExtractStreamResponse answer) {
            return answer.hasResponse() ? 1 : 0;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ExtractStreamRequest> call) {
            call.setOnReadyHandler(() -> send(call));
        }

        private void send(ClientCallStreamObserver<ExtractStreamRequest> call) {
            if (!begun) {
                begun = true;
                call.onNext(ExtractStreamRequest.newBuilder()
                        .setOptions(StreamOptions.newBuilder()
                                .setItemTimeout(Duration.newBuilder().setSeconds(DEADLINE_SECONDS)))
                        .build());
            }
            while (call.isReady() && texts.hasNext()) {
                call.onNext(ExtractStreamRequest.newBuilder()
                        .setRequest(texts.next())
                        .build());
            }
            if (!texts.hasNext() && !ended) {
                ended = true;
                call.onCompleted();
            }
        }
    }
}
