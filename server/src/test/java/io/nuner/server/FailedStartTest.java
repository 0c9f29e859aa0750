package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Sneaky;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.TextModel;
import io.nuner.v1.ModelInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a start fails, no thread, no lane and no engine is left behind. */
@Timeout(60)
class FailedStartTest {
    private static final Set<String> OURS = Set.of("batcher", "lane", "watchdog", "call", "side", "decode", "metrics");

    private final FakeEngine engine = new FakeEngine(RunningServer.LIMITS, 2);
    private final Set<Thread> before = threads();

    private static Stream<Throwable> failures() {
        return Stream.of(
                EngineException.cannotOpen("no memory", new IllegalStateException()),
                new IllegalStateException("scripted"),
                new OutOfMemoryError("scripted"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aSecondLaneThatCannotBeOpened(Throwable failure) {
        InferenceEngine oneLane = new FailingAtSecondLane(engine, failure);

        assertThatThrownBy(() -> InferenceServer.start(RunningServer.CONFIG, new FakeTextModel(), oneLane, lost -> {}))
                .isSameAs(failure);

        assertNothingIsLeft();
    }

    @Test
    void aModelThatDoesNotSayItsName() {
        assertThatThrownBy(() -> InferenceServer.start(
                        RunningServer.CONFIG, new Nameless(new FakeTextModel()), engine, lost -> {}))
                .hasMessage("no name");

        assertNothingIsLeft();
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig metrics = RunningServer.CONFIG.toBuilder()
                    .metrics(MetricsConfig.on(taken.getLocalPort()))
                    .build();

            assertThatThrownBy(() -> InferenceServer.start(metrics, new FakeTextModel(), engine, lost -> {}))
                    .isInstanceOf(IOException.class);

            assertNothingIsLeft();
        }
    }

    @Test
    void tooLittleRoomForOneText() {
        ServerConfig small = RunningServer.CONFIG.toBuilder()
                .load(new LoadConfig(1, 1, 1, 0, 0))
                .build();

        assertThatThrownBy(() -> InferenceServer.start(small, new FakeTextModel(), engine, lost -> {}))
                .hasMessageContaining("load.max-tokens");

        assertNothingIsLeft();
    }

    @Test
    void whoeverIsInterruptedWhileItStopsLeavesNothingEither() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (RunningServer running = RunningServer.start(RunningServer.CONFIG, engine)) {
            running.holdRuns(started, release);
            var call = running.futureStub().extract(RunningServer.request("one", "city"));
            started.await();
            Thread.currentThread().interrupt();
            release.countDown();

            running.server.close();

            assertThat(Thread.interrupted()).as("the interruption is passed on").isTrue();
            assertThat(call.isCancelled()).isFalse();
        }
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(engine.isClosed()).isTrue();
        assertThat(engine.openLanes()).isZero();
        Waiting.until(() -> before.containsAll(threads()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> OURS.contains(thread.getName().split("-", 2)[0]))
                .collect(java.util.stream.Collectors.toSet());
    }

    /** Opens one lane. */
    private record FailingAtSecondLane(FakeEngine engine, Throwable failure) implements InferenceEngine {
        @Override
        public EngineDescription description() {
            return engine.description();
        }

        @Override
        public EngineLimits limits() {
            return engine.limits();
        }

        @Override
        public EngineCells cells() {
            return engine.cells();
        }

        @Override
        public EngineLane openLane() throws EngineException {
            if (engine.openLanes() == 1) {
                Sneaky.raise(failure);
            }
            return engine.openLane();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /** Fails when the server, whose threads run by then, wants to tell what it serves. */
    private record Nameless(TextModel model) implements TextModel {
        @Override
        public ModelInfo info() {
            throw new IllegalStateException("no name");
        }

        @Override
        public int maxWords() {
            return model.maxWords();
        }

        @Override
        public List<String> forbiddenSubstrings() {
            return model.forbiddenSubstrings();
        }

        @Override
        public Optional<LabelProblem> check(List<String> labels) {
            return model.check(labels);
        }

        @Override
        public Prompt prompt(List<String> labels) {
            return model.prompt(labels);
        }

        @Override
        public TextEncoder encoder() {
            return model.encoder();
        }
    }
}
