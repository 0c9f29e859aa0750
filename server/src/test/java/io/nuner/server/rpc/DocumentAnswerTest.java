package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.StreamAnswer;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.answers.StreamWork;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.Refusal;
import io.nuner.server.texts.EntityWriter;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocumentAnswerTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final UnsentAnswers unsent = new UnsentAnswers(AnswerLimits.DEFAULT, () -> 42, Thread::new);
    private final Heard heard = new Heard();
    private final DocumentAnswer answer = new DocumentAnswer(
            new StreamAnswer<>(
                    heard,
                    new Delivery(unsent, DocumentAnswerTest::fail),
                    () -> 0,
                    new StreamWork(
                            StreamLimits.DEFAULT,
                            timer,
                            Runnable::run,
                            () -> 42,
                            RejectionStatus::exception,
                            DocumentAnswerTest::fail)),
            "r1");

    private static void fail(Throwable defect) {
        throw new AssertionError(defect);
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        unsent.close();
    }

    /** A part may wait for its reader when the text ends early, and the reader may come before it is told. */
    @Test
    void nothingIsSentBehindTheEndThatIsTold() {
        answer.add(part(0, 4));
        answer.flush();
        heard.ready = false;
        answer.add(part(4, 9));
        answer.flush();

        Refusal ending = answer.ending();
        heard.ready = true;
        heard.onReady.run();
        answer.refusal(ending);

        assertThat(ending.fact().metadata()).containsEntry("safe_until", "4");
        assertThat(heard.safeUntil).containsExactly(4);
        assertThat(heard.code).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private static EntityWriter.Part part(int start, int until) {
        return new EntityWriter.Part(
                List.of(Entity.newBuilder().setStart(start).setEnd(until).build()), until);
    }

    /** A call whose client reads when the test says so. */
    private static final class Heard extends ServerCallStreamObserver<ExtractDocumentResponse> {
        private final List<Integer> safeUntil = new ArrayList<>();
        private boolean ready = true;
        private Status.Code code = Status.Code.OK;
        private Runnable onReady = () -> {};

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void onNext(ExtractDocumentResponse message) {
            safeUntil.add(message.getSafeUntil());
        }

        @Override
        public void onError(Throwable refusal) {
            code = Status.fromThrowable(refusal).getCode();
        }

        @Override
        public void onCompleted() {
            throw new AssertionError("the text is not done");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            // it is not cancelled
        }

        @Override
        public void setOnCloseHandler(Runnable handler) {
            // it is not closed
        }

        @Override
        public void setCompression(String compression) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disableAutoInboundFlowControl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setMessageCompression(boolean enable) {
            throw new UnsupportedOperationException();
        }
    }
}
