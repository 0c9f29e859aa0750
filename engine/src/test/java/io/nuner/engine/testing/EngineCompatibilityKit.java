package io.nuner.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every engine must do, whatever it runs on. Extend it in the engine's module, with a small exported model. */
public abstract class EngineCompatibilityKit {
    /** The limits the kit asks for when it opens an engine. */
    protected static final EngineLimits LIMITS = new EngineLimits(16, 1024, 8192, 8);

    private static final long SEED = 20_240_424;

    /** The engine under test. */
    protected abstract EngineProvider provider();

    /** A model small enough for a unit test. */
    protected abstract ModelGraphs graphs();

    /** By how much a row's scores may differ between two batches. */
    protected float tolerance() {
        return 1e-5f;
    }

    @Test
    void theProviderIsUsableAndSaysWhy() {
        assertThat(provider().availability().usable()).isTrue();
        assertThat(provider().availability().reason()).isNotBlank();
        assertThat(provider().name()).isLowerCase().doesNotContain(" ");
    }

    @Test
    void aRowScoresTheSameAloneAndAmongOthers() throws EngineException {
        List<TokenRow> rows = new RandomRows(SEED, graphs().vocabularySize()).rows(16, 100);

        try (InferenceEngine engine = open(1);
                EngineLane lane = engine.openLane()) {
            List<RowLogits> alone = new ArrayList<>();
            for (TokenRow row : rows) {
                alone.add(lane.run(PackedBatch.of(List.of(row))).takeRow(0));
            }
            assertClose(alone, takeAll(lane.run(PackedBatch.of(rows))));
        }
    }

    @Test
    void logitsHaveTheShapeOfTheRow() throws EngineException {
        TokenRow row = new RandomRows(SEED, graphs().vocabularySize()).row(3, 7);

        try (InferenceEngine engine = open(1);
                EngineLane lane = engine.openLane()) {
            RowLogits logits = lane.run(PackedBatch.of(List.of(row))).takeRow(0);

            assertThat(logits.words()).isEqualTo(7);
            assertThat(logits.maxWidth()).isEqualTo(graphs().maxWidth());
            assertThat(logits.labels()).isEqualTo(3);
        }
    }

    @Test
    void theSmallestAndTheLongestRowRunTogether() throws EngineException {
        RandomRows random = new RandomRows(SEED, graphs().vocabularySize());
        TokenRow smallest = TokenRow.copyOf(new int[] {1}, new int[] {TokenRow.NO_TOKEN}, new int[] {0});
        List<TokenRow> rows = List.of(smallest, random.row(5, limits().maxRowTokens() - 12));

        try (InferenceEngine engine = open(1);
                EngineLane lane = engine.openLane()) {
            List<RowLogits> alone = new ArrayList<>();
            for (TokenRow row : rows) {
                alone.add(lane.run(PackedBatch.of(List.of(row))).takeRow(0));
            }
            assertClose(alone, takeAll(lane.run(PackedBatch.of(rows))));
        }
    }

    @Test
    void repeatedRunsGiveIdenticalScores() throws EngineException {
        PackedBatch batch = PackedBatch.of(new RandomRows(SEED, graphs().vocabularySize()).rows(5, 40));

        try (InferenceEngine engine = open(1);
                EngineLane lane = engine.openLane()) {
            List<RowLogits> first = takeAll(lane.run(batch));
            lane.run(PackedBatch.of(List.of(batch.rows().get(3))));
            assertDistance(first, takeAll(lane.run(batch)), 0);
        }
    }

    @Test
    void twoLanesRunAtOnceWithoutTouchingEachOther() throws Exception {
        List<TokenRow> rows = new RandomRows(SEED, graphs().vocabularySize()).rows(12, 60);
        ExecutorService threads = Executors.newFixedThreadPool(2);

        try (InferenceEngine engine = open(2);
                EngineLane one = engine.openLane();
                EngineLane other = engine.openLane()) {
            List<RowLogits> expected = runEach(one, rows).call();
            List<Future<List<RowLogits>>> both = threads.invokeAll(List.of(runEach(one, rows), runEach(other, rows)));
            for (Future<List<RowLogits>> lane : both) {
                assertClose(expected, get(lane));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBatchBeyondALimitIsRefusedAndTheLaneGoesOn() throws EngineException {
        RandomRows random = new RandomRows(SEED, graphs().vocabularySize());
        TokenRow fitting = random.row(1, 4);

        try (InferenceEngine engine = open(1);
                EngineLane lane = engine.openLane()) {
            for (PackedBatch tooLarge : List.of(
                    PackedBatch.of(List.of(random.row(LIMITS.maxLabels() + 1, 4))),
                    PackedBatch.of(List.of(random.row(1, limits().maxRowTokens() - 3))), // one token too many
                    PackedBatch.of(random.rows(LIMITS.maxRows() + 1, 4)))) {
                assertThatThrownBy(() -> lane.run(tooLarge))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("exceeds the limit");
            }
            assertThat(lane.run(PackedBatch.of(List.of(fitting))).takeRow(0).words())
                    .isEqualTo(4);
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws EngineException {
        InferenceEngine engine = open(1);
        EngineLane lane = engine.openLane();
        lane.close();
        lane.close();
        try (EngineLane next = engine.openLane()) {
            assertThatThrownBy(engine::openLane).isInstanceOf(EngineException.class);
            assertThat(next).isNotNull();
        }
        engine.close();
        engine.close();

        assertThatThrownBy(engine::openLane).isInstanceOf(EngineException.class);
    }

    @Test
    void aDamagedGraphIsNamed() {
        ModelGraph damaged = FakeGraphs.graph("damaged.onnx");
        for (ModelGraphs unusable :
                List.of(graphs().with(damaged, graphs().head()), graphs().with(graphs().encoder(), damaged))) {
            assertThatThrownBy(() -> provider().open(unusable, settings(1)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("damaged.onnx");
        }
    }

    @Test
    void weightsThatWereChangedMeanwhileAreRefused() {
        ModelGraph encoder = graphs().encoder();
        ModelGraph changed = new ModelGraph(encoder.file(), encoder.onnx(), encoder.weights(), () -> {
            throw EngineException.cannotOpen("was changed while it was loaded", new IllegalStateException());
        });

        assertThatThrownBy(() -> provider().open(graphs().with(changed, graphs().head()), settings(1)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("was changed while it was loaded");
    }

    @Test
    void theDescriptionNamesTheEngineAndItsLanes() throws EngineException {
        try (InferenceEngine engine = open(2)) {
            assertThat(engine.description().name()).isEqualTo(provider().name());
            assertThat(engine.description().lanes()).isEqualTo(2);
            assertThat(engine.description().version()).isNotBlank();
            assertThat(engine.limits()).isEqualTo(limits());
        }
    }

    @Test
    void everyBatchWithinTheLimitsFitsACell() throws EngineException {
        try (InferenceEngine engine = open(1)) {
            assertThat(engine.cells().cover(engine.limits()))
                    .as("%s cover %s", engine.cells(), engine.limits())
                    .isTrue();
        }
    }

    /** What engines are opened with. */
    protected EngineSettings settings(int lanes) {
        return new EngineSettings(LIMITS, lanes, 1);
    }

    private EngineLimits limits() {
        return LIMITS.within(graphs());
    }

    private InferenceEngine open(int lanes) throws EngineException {
        return provider().open(graphs(), settings(lanes));
    }

    private static Callable<List<RowLogits>> runEach(EngineLane lane, List<TokenRow> rows) {
        return () -> {
            List<RowLogits> results = new ArrayList<>();
            for (TokenRow row : rows) {
                results.add(lane.run(PackedBatch.of(List.of(row))).takeRow(0));
            }
            return results;
        };
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException {
        return future.get();
    }

    private static List<RowLogits> takeAll(Logits logits) throws EngineException {
        List<RowLogits> rows = new ArrayList<>();
        for (int row = 0; row < logits.batch().rowCount(); row++) {
            rows.add(logits.takeRow(row));
        }
        return rows;
    }

    private void assertClose(List<RowLogits> expected, List<RowLogits> actual) {
        assertDistance(expected, actual, tolerance());
    }

    private static void assertDistance(List<RowLogits> expected, List<RowLogits> actual, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int row = 0; row < expected.size(); row++) {
            assertThat(LogitsDistance.of(expected.get(row), actual.get(row)))
                    .as("row %d, seed %d", row, SEED)
                    .isLessThanOrEqualTo(tolerance);
        }
    }
}
