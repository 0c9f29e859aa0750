package io.nuner.engine.trt.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.Logits;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.testing.LogitsDistance;
import io.nuner.engine.testing.RandomRows;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.testing.FakeDevice;
import io.nuner.engine.trt.testing.FakeDeviceLayer;
import io.nuner.engine.trt.testing.FakeGpuEngine;
import io.nuner.engine.trt.testing.SmallModel;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorRtLaneTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 8);
    private static final long SEED = 77;
    private static final float ROUNDING = 1e-5f;

    private final FakeDeviceLayer layer = new FakeDeviceLayer(2);
    private final FakeDevice device = layer.open(0);
    private static ModelGraphs graphs = FakeGraphs.named("none");

    @BeforeAll
    static void export(@TempDir Path directory) throws ModelException {
        graphs = SmallModel.graphs(Fixtures.MARKER_V0_W3, directory);
    }

    @Test
    void theThirdRunOfASizeIsOneLaunchWithTheSameScores() throws Exception {
        PackedBatch batch = PackedBatch.of(List.of(rows().row(2, 20)));
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            float[] eager = scores(lane.run(batch));
            assertThat(device.captures()).isZero();
            float[] prepared = scores(lane.run(batch));
            assertThat(device.captures()).isOne();
            assertThat(device.launches()).isZero();
            float[] replayed = scores(lane.run(batch));

            assertThat(device.launches()).isOne();
            assertThat(prepared).isEqualTo(eager);
            assertThat(replayed).isEqualTo(eager);
        }
    }

    @Test
    void aCapturedSizeServesOtherTextsOfThatSize() throws Exception {
        RandomRows random = rows();
        try (TensorRtEngine captured = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                TensorRtEngine eager = open(1, 0);
                EngineLane lane = captured.openLane();
                EngineLane plain = eager.openLane()) {
            for (int i = 0; i < 200; i++) {
                PackedBatch batch = PackedBatch.of(random.rows(1 + i % 2, 30));
                assertClose(plain.run(batch), lane.run(batch));
            }
            assertThat(device.launches()).as("texts that ran captured").isGreaterThan(device.captures());
        }
    }

    @Test
    void contextsAreBoundedHoweverManySizesCome() throws Exception {
        RandomRows random = rows();
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            for (int round = 0; round < 3; round++) {
                for (int words = 1; words < 400; words += 3) {
                    lane.run(PackedBatch.of(List.of(random.row(1, words))));
                }
            }
        }
        int profiles = FakeGpuEngine.profiles(LIMITS).all().size();
        assertThat(device.contexts()).isLessThanOrEqualTo(profiles * (EncoderRunner.PLACES + 2));
    }

    @Test
    void aFailedCaptureIsNotTriedAgainAndHarmsNobody() throws Exception {
        PackedBatch batch = PackedBatch.of(List.of(rows().row(2, 20)));
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            device.trouble(failing("cudaStreamEndCapture", DeviceException.failed("cudaStreamEndCapture: no")));
            float[] first = scores(lane.run(batch));
            for (int i = 0; i < 4; i++) {
                assertThat(scores(lane.run(batch))).isEqualTo(first);
            }
            device.trouble(null);
            assertThat(scores(lane.run(batch))).isEqualTo(first);
            assertThat(device.captures()).isZero();
        }
    }

    @Test
    void aSizeForWhoseContextThereIsNoMemoryRunsUncaptured() throws Exception {
        PackedBatch batch = PackedBatch.of(List.of(rows().row(2, 20)));
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            float[] first = scores(lane.run(batch));
            device.trouble(failing("createExecutionContext", DeviceException.outOfMemory("no memory")));
            for (int i = 0; i < 4; i++) {
                assertThat(scores(lane.run(batch))).isEqualTo(first);
            }
            device.trouble(null);
            assertThat(scores(lane.run(batch))).isEqualTo(first);
            assertThat(device.captures()).isZero();
        }
    }

    @Test
    void aLaneThatMakesAContextHoldsUpNoOther() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(2, 20));
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch made = new CountDownLatch(1);
        try (TensorRtEngine engine = open(3, 0)) {
            EngineLane maker = engine.openLane();
            engine.openLane(); // on the other GPU
            EngineLane other = engine.openLane();
            Logits expected = copy(other.run(batch));
            device.trouble(call -> {
                if (call.equals("createExecutionContext")) {
                    making.countDown();
                    awaited(made);
                }
            });
            CompletableFuture<Boolean> failed = CompletableFuture.supplyAsync(() -> fails(maker, batch));
            making.await();

            Logits answer = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> other.run(batch));
            assertClose(expected, answer);
            made.countDown();
            assertThat(failed.get()).isFalse();
        } finally {
            made.countDown();
        }
    }

    @Test
    void outOfMemoryHalvesTheBatchAndGoesOn() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(8, 60));
        try (TensorRtEngine engine = open(1, 0);
                EngineLane lane = engine.openLane()) {
            Logits whole = copy(lane.run(batch));
            AtomicInteger left = new AtomicInteger(3); // the whole batch, a half of it, a quarter of it
            device.trouble(call -> {
                if (call.equals("enqueueV3") && left.getAndDecrement() > 0) {
                    throw DeviceException.outOfMemory("enqueueV3: cudaErrorMemoryAllocation");
                }
            });

            assertClose(whole, lane.run(batch));
            assertThat(left.get()).isNegative();
            device.trouble(null);
            assertClose(whole, lane.run(batch));
        }
    }

    @Test
    void oneRowWithoutMemoryFailsAloneAndTheLaneGoesOn() throws Exception {
        PackedBatch one = PackedBatch.of(List.of(rows().row(1, 10)));
        try (TensorRtEngine engine = open(1, 0);
                EngineLane lane = engine.openLane()) {
            device.trouble(failing("enqueueV3", DeviceException.outOfMemory("enqueueV3: cudaErrorMemoryAllocation")));
            assertThatThrownBy(() -> lane.run(one))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.isFatal()).isFalse())
                    .hasMessageContaining("cudaErrorMemoryAllocation");
            device.trouble(null);

            assertThat(lane.run(one).takeRow(0).words()).isEqualTo(10);
        }
    }

    @Test
    void whateverCallFailsOnlyThatBatchFails() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(3, 30));
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            Logits expected = copy(lane.run(batch));
            for (String call : List.of(
                    "cudaMemcpyAsync",
                    "setInputShape",
                    "setTensorAddress",
                    "enqueueV3",
                    "cudaEventRecord",
                    "cudaEventSynchronize")) {
                AtomicInteger calls = new AtomicInteger();
                int nth = call.length() % 3;
                device.trouble(name -> {
                    if (name.equals(call) && calls.getAndIncrement() == nth) {
                        throw DeviceException.failed(call + ": no");
                    }
                });
                boolean failed = fails(lane, batch);
                device.trouble(null);

                assertThat(failed).as("%s, call %d", call, nth).isEqualTo(calls.get() > nth);
                assertClose(expected, lane.run(batch));
            }
        }
    }

    @Test
    void aLostGpuIsAFailedDevice() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(3, 30));
        try (TensorRtEngine engine = open(1, 0);
                EngineLane lane = engine.openLane()) {
            device.trouble(failing("cudaEventSynchronize", DeviceException.sticky("cudaErrorIllegalAddress")));

            assertThatThrownBy(() -> lane.run(batch))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.DEVICE_FAILED))
                    .hasMessageContaining("cudaErrorIllegalAddress");
            device.trouble(null);
            assertThatThrownBy(() -> lane.run(batch)).as("for good").isInstanceOf(EngineException.class);
        }
    }

    @Test
    void aGpuLostInACaptureIsAFailedDevice() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(1, 30));
        try (TensorRtEngine engine = open(1, CaptureSizes.DEFAULT_MAX_TOKENS);
                EngineLane lane = engine.openLane()) {
            lane.run(batch);
            device.trouble(failing("cudaStreamBeginCapture", DeviceException.sticky("cudaErrorIllegalAddress")));

            assertThatThrownBy(() -> lane.run(batch))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.DEVICE_FAILED));
        }
    }

    @Test
    void aTextOfMoreWordsThanTokensRunsInACellOfItsWords() throws Exception {
        int[] words = new int[100];
        Arrays.fill(words, TokenRow.NO_TOKEN);
        words[50] = 2;
        TokenRow wordy = TokenRow.copyOf(new int[] {1, 5, 7}, words, new int[] {1});
        TokenRow usual = rows().row(2, 9);
        try (TensorRtEngine engine = open(1, 0);
                EngineLane lane = engine.openLane()) {
            Logits alone = copy(lane.run(PackedBatch.of(List.of(wordy))));
            Logits together = lane.run(PackedBatch.of(List.of(usual, wordy)));

            assertThat(LogitsDistance.of(alone.takeRow(0), together.takeRow(1))).isLessThan(ROUNDING);
        }
    }

    @Test
    void aBatchWhosePaddedWordsFitNoCellRunsInHalves() throws Exception {
        int[] words = new int[500];
        Arrays.fill(words, TokenRow.NO_TOKEN);
        TokenRow wordy = TokenRow.copyOf(new int[] {1, 5, 7}, words, new int[] {1});
        List<TokenRow> rows = new ArrayList<>(rows().rows(15, 9));
        rows.add(wordy);
        try (TensorRtEngine engine = open(1, 0);
                EngineLane lane = engine.openLane()) {
            Logits together = copy(lane.run(PackedBatch.of(rows)));
            for (int row = 0; row < rows.size(); row++) {
                Logits alone = lane.run(PackedBatch.of(List.of(rows.get(row))));
                assertThat(LogitsDistance.of(alone.takeRow(0), together.takeRow(row)))
                        .as("row %d", row)
                        .isLessThan(ROUNDING);
            }
        }
    }

    @Test
    void lanesAreSpreadOverTheGpusAndSlotsAreUsedAgain() throws Exception {
        PackedBatch batch = PackedBatch.of(rows().rows(2, 20));
        try (TensorRtEngine engine = open(4, 0)) {
            List<EngineLane> lanes = new ArrayList<>();
            for (int lane = 0; lane < 4; lane++) {
                lanes.add(engine.openLane());
            }
            for (EngineLane lane : lanes) {
                lane.run(batch);
            }
            assertThat(layer.open(0).contexts()).isEqualTo(4);
            assertThat(layer.open(1).contexts()).isEqualTo(4);
            long free = device.freeBytes();
            for (EngineLane lane : lanes) {
                lane.close();
                lane.close();
            }
            for (int lane = 0; lane < 4; lane++) {
                engine.openLane().run(batch);
            }
            assertThat(layer.open(0).contexts()).as("contexts are never freed").isEqualTo(4);
            assertThat(device.freeBytes()).isEqualTo(free);
        }
    }

    @Test
    void aLaneForWhichThereIsNoMemoryTakesNone() throws Exception {
        try (TensorRtEngine engine = open(1, 0)) {
            long free = 100_000;
            device.limitMemory(free);

            assertThatThrownBy(engine::openLane)
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("a lane, which needs")
                    .hasMessageContaining("Fake GPU");
            assertThat(device.freeBytes()).isEqualTo(free);
            device.limitMemory(1L << 30);
            engine.openLane().close();
        }
    }

    private TensorRtEngine open(int lanes, int maxCapturedTokens) throws EngineException, DeviceException {
        return new FakeGpuEngine(layer, FakeGpuEngine.profiles(LIMITS), lanes, maxCapturedTokens)
                .open(graphs, SmallModel.HIDDEN_SIZE);
    }

    private RandomRows rows() {
        return new RandomRows(SEED, graphs.vocabularySize());
    }

    private static FakeDevice.Trouble failing(String call, DeviceException failure) {
        return name -> {
            if (name.equals(call)) {
                throw failure;
            }
        };
    }

    private static void awaited(CountDownLatch latch) throws DeviceException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw DeviceException.failed("interrupted");
        }
    }

    private static boolean fails(EngineLane lane, PackedBatch batch) {
        try {
            lane.run(batch);
            return false;
        } catch (EngineException e) {
            assertThat(e.isFatal()).isFalse();
            return true;
        }
    }

    private static float[] scores(Logits logits) throws EngineException {
        float[] all = new float[0];
        for (int row = 0; row < logits.batch().rowCount(); row++) {
            var taken = logits.takeRow(row);
            int from = all.length;
            all = Arrays.copyOf(all, from + taken.words() * taken.labels());
            for (int i = 0; i < taken.words() * taken.labels(); i++) {
                all[from + i] = taken.at(i / taken.labels(), 0, i % taken.labels());
            }
        }
        return all;
    }

    private static Logits copy(Logits logits) throws EngineException {
        JoinedLogits joined = new JoinedLogits(logits.batch(), logits.maxWidth());
        joined.put(0, logits);
        return joined.logits();
    }

    private static void assertClose(Logits expected, Logits actual) throws EngineException {
        for (int row = 0; row < expected.batch().rowCount(); row++) {
            assertThat(LogitsDistance.of(expected.takeRow(row), actual.takeRow(row)))
                    .as("row %d, seed %d", row, SEED)
                    .isLessThan(ROUNDING);
        }
    }
}
