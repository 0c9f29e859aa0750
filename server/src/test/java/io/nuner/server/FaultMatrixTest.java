package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nuner.engine.testing.OutputHook;
import io.nuner.engine.testing.RunHook;
import io.nuner.engine.testing.Scoring;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.WatchdogConfig;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the engine does, every call is answered, only what is at fault fails, nothing is left behind and the server goes
 * on. Prints what became of the calls.
 */
class FaultMatrixTest {
    private static final long SEED = 20_261_125L;
    private static final long PATIENCE_MILLIS = 20_000;
    private static final ServerConfig CONFIG = RunningServer.CONFIG.toBuilder()
            .watchdog(new WatchdogConfig(Duration.ofMillis(1500), Duration.ofMillis(3000)))
            .build();
    private static final ServerConfig BLIND = RunningServer.CONFIG.toBuilder()
            .watchdog(new WatchdogConfig(Duration.ofHours(1), Duration.ofHours(2)))
            .build();

    private static FaultTexts texts;

    @BeforeAll
    static void askAHealthyServer() throws Exception {
        try (RunningServer healthy = RunningServer.start()) {
            texts = FaultTexts.answeredBy(FaultSubject.of(healthy), SEED);
        }
    }

    private static Stream<Fault> faults() {
        return Faults.all();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void everyCallIsAnsweredAndTheServerGoesOn(Fault fault) throws Exception {
        survive(fault, 2_000);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("faults")
    void everyOneOfManyCallsIsAnsweredAndTheServerGoesOn(Fault fault) throws Exception {
        survive(fault, 100_000);
    }

    private static void survive(Fault fault, int calls) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(CONFIG)) {
            FaultSubject subject = FaultSubject.of(running);
            fault.script().apply(running.engine, over);
            long start = System.nanoTime();

            FaultAccount account = new FaultLoad(texts, calls, PATIENCE_MILLIS, SEED).run(subject);

            System.out.printf("%s: %s in %d ms%n", fault, account, (System.nanoTime() - start) / 1_000_000);
            if (fault.fatal()) {
                assertThat(running.engineLost.get(10, TimeUnit.SECONDS)).isNotNull();
            }
            account.verify(subject, fault.sound(), fault.poisoned());
            assertThat(account.count(Status.Code.OK)).as("answers").isPositive();
            if (fault.fatal()) {
                assertThatThrownBy(() -> subject.extract(texts.request(0), PATIENCE_MILLIS))
                        .hasMessageContaining("UNAVAILABLE");
            } else {
                heal(running);
                assertThat(answerOnceReplaced(subject)).isEqualTo(texts.answer(0));
                assertThat(running.engineLost).isNotDone();
            }
        } finally {
            over.countDown();
        }
    }

    private static void heal(RunningServer running) {
        running.engine.onRun(RunHook.none());
        running.engine.onOutput(OutputHook.none());
        running.engine.score(Scoring.fromContent());
    }

    /** While a lane is being replaced, calls are sent elsewhere. */
    private static List<Entity> answerOnceReplaced(FaultSubject subject) {
        long start = System.nanoTime();
        while (true) {
            try {
                return subject.extract(texts.request(0), PATIENCE_MILLIS);
            } catch (StatusRuntimeException e) {
                boolean patient = System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10);
                if (!patient || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw e;
                }
                Waiting.pause();
            }
        }
    }

    @Test
    void aLaneThatSwallowsItsBatchWouldBeNoticed() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(BLIND)) {
            FaultSubject wedged = FaultSubject.of(running);
            running.engine.onRun(batch -> Faults.hang(over));

            FaultAccount account = new FaultLoad(texts, 64, 300, SEED).run(wedged);

            assertThatThrownBy(() -> account.verify(wedged, Fault.OK_OR_INTERNAL, Fault.OK_OR_INTERNAL))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("outcomes that must not be")
                    .hasMessageContaining("DEADLINE_EXCEEDED");
            over.countDown();
        } finally {
            over.countDown();
        }
    }

    @Test
    void aLeakedPermitWouldBeNoticed() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            FaultSubject leaking = new Leaking(FaultSubject.of(running), 1, 0);

            FaultAccount account = new FaultLoad(texts, 64, PATIENCE_MILLIS, SEED).run(leaking);

            assertThatThrownBy(() -> account.verify(leaking, Fault.OK, Fault.OK))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("permits held");
        }
    }

    @Test
    void leakedTokensWouldBeNoticed() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            FaultSubject leaking = new Leaking(FaultSubject.of(running), 0, 1);

            FaultAccount account = new FaultLoad(texts, 64, PATIENCE_MILLIS, SEED).run(leaking);

            assertThatThrownBy(() -> account.verify(leaking, Fault.OK, Fault.OK))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("tokens held");
        }
    }

    @Test
    void anAnswerToSomeoneElseWouldBeNoticed() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            FaultSubject mixed = new Mixed(FaultSubject.of(running));

            FaultAccount account = new FaultLoad(texts, 200, PATIENCE_MILLIS, SEED).run(mixed);

            assertThatThrownBy(() -> account.verify(mixed, Fault.OK, Fault.OK))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wrong answers");
        }
    }

    /** Never gives the last share back. */
    private record Leaking(FaultSubject sound, int requests, long tokens) implements FaultSubject {
        @Override
        public List<Entity> extract(ExtractRequest request, long deadlineMillis) {
            return sound.extract(request, deadlineMillis);
        }

        @Override
        public void roundTrip() {
            sound.roundTrip();
        }

        @Override
        public int requestsInFlight() {
            return sound.requestsInFlight() + requests;
        }

        @Override
        public long tokensInFlight() {
            return sound.tokensInFlight() + tokens;
        }
    }

    /** Gives every caller the answer that the caller before should have got. */
    private record Mixed(FaultSubject sound, AtomicReference<List<Entity>> last) implements FaultSubject {
        Mixed(FaultSubject sound) {
            this(sound, new AtomicReference<>(List.of()));
        }

        @Override
        public List<Entity> extract(ExtractRequest request, long deadlineMillis) {
            return last.getAndSet(sound.extract(request, deadlineMillis));
        }

        @Override
        public void roundTrip() {
            sound.roundTrip();
        }

        @Override
        public int requestsInFlight() {
            return sound.requestsInFlight();
        }

        @Override
        public long tokensInFlight() {
            return sound.tokensInFlight();
        }
    }
}
