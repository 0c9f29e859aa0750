package io.nuner.server.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.server.FakeTextModel;
import io.nuner.server.RunningServer;
import io.nuner.server.Waiting;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.observe.FaultLog;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ring that is full for a moment, because the batcher has not come to it yet. */
class FullRingTest {
    private static final ExtractRequest BOOK = RunningServer.request("Ada met Bob in Rome. ".repeat(1200), "person");

    private final CountDownLatch batching = new CountDownLatch(1);
    private final List<Rejection> dropped = new CopyOnWriteArrayList<>();
    private final Tenants tenants = new Tenants(Map.of(), 0);
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>(); // of long texts; the test does them
    private final UnsentAnswers unsent = new UnsentAnswers(AnswerLimits.DEFAULT, System::nanoTime, Thread::new);
    private final FaultLog faults = new FaultLog(System::nanoTime);
    private final Reply.Desk desk = new Reply.Desk(Thread::new, fault -> {});
    private final BatcherRing ring;
    private final AdmissionGate gate;
    private final Extractor extractor;

    FullRingTest() {
        Backlog backlog = new Backlog();
        CostModel costs = new CostModel(new CostTerms(0, 0, 0, 0, 0), EngineCells.ANY);
        BatchPolicy policy = BatchPolicy.of(RunningServer.LIMITS, costs, 1);
        Batcher batcher = new Batcher(policy, backlog, Batcher.Observer.none(), System::nanoTime);
        ring = BatcherRing.start(batcher, 2, work -> new Thread(() -> afterwards(work)), fault -> {});
        gate = new AdmissionGate(new AdmissionGate.Limits(100, 100_000, Long.MAX_VALUE / 4), tenants, backlog);
        CallDeadline deadline = new CallDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1));
        Pipeline pipeline = new Pipeline(gate, ring, desk, unsent, faults, new Drops(), System::nanoTime, deadline);
        FakeTextModel model = new FakeTextModel();
        WindowedTaskFactory windowed = WindowedTaskFactory.of(model, 512, LongTexts.DEFAULT, steps::add, pipeline);
        extractor = new Extractor(model, new RequestValidator(RequestLimits.DEFAULT, model), 512, windowed, pipeline);
    }

    private void afterwards(Runnable work) {
        try {
            batching.await();
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        batching.countDown();
        ring.close();
        desk.close();
        unsent.close();
    }

    @Test
    void rowsOfALongTextWaitForAPlace() {
        Heard first = new Heard();
        Heard second = new Heard();
        long now = System.nanoTime();
        Caller caller = new Caller(tenants.unnamed(), now, now + TimeUnit.MINUTES.toNanos(1), text -> {});
        Runnable cancelFirst = extractor.start(BOOK, "", caller, first);
        doSteps(100);
        assertThat(gate.requestsInFlight())
                .as("as many rows as there are places")
                .isEqualTo(2);
        Runnable cancelSecond = extractor.start(BOOK, "", caller, second);
        doSteps(100);
        assertThat(gate.requestsInFlight()).isEqualTo(2);

        batching.countDown();
        Waiting.until(() -> {
            doSteps(1);
            return gate.requestsInFlight() > 2;
        });
        assertThat(first.refusals).isEmpty();
        assertThat(second.refusals).isEmpty();

        cancelFirst.run();
        cancelSecond.run();
        Waiting.until(() -> {
            doSteps(1);
            return gate.requestsInFlight() == 0 && gate.tokensInFlight() == 0;
        });
        assertThat(first.refusals).containsExactly(Rejection.CANCELLED);
        assertThat(second.refusals).containsExactly(Rejection.CANCELLED);
        assertThat(dropped).containsExactly(Rejection.CANCELLED, Rejection.CANCELLED);
    }

    private void doSteps(int most) {
        for (int done = 0; done < most && !steps.isEmpty(); done++) {
            steps.remove().run();
        }
    }

    private static final class Heard implements Answer<ExtractResponse> {
        private final List<Rejection> refusals = new CopyOnWriteArrayList<>();

        @Override
        public void response(ExtractResponse response) {
            throw new AssertionError("no lane has run it");
        }

        @Override
        public void refusal(Refusal refusal) {
            refusals.add(refusal.reason());
        }
    }

    private final class Drops implements TextObserver {
        @Override
        public void answered(Tenant tenant, long nanos, int tokens, boolean inTime) {
            throw new AssertionError("no lane has run it");
        }

        @Override
        public void refused(Tenant tenant, Rejection reason, int texts) {
            // each drop is a refusal, too
        }

        @Override
        public void unread(Rejection reason) {
            throw new AssertionError("no call was made");
        }

        @Override
        public void dropped(Rejection reason) {
            dropped.add(reason);
        }
    }
}
