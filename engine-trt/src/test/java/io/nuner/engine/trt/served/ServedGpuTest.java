package io.nuner.engine.trt.served;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.model.testing.RandomTexts;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server in front of the GPU engine: batches, captured encoders, failures of the GPU. */
class ServedGpuTest {
    private static final long SEED = 8;
    private static final int TEXTS = 300;

    @TempDir
    private Path directory;

    @Test
    void textsAnsweredTogetherGetTheAnswersTheyGetAlone() throws Exception {
        List<String> texts = texts();
        try (ServedGpus served = new ServedGpus(directory)) {
            List<List<Entity>> together = answers(served, texts);
            for (int text = 0; text < texts.size(); text++) {
                ExtractResponse alone = served.calls().extract(ServedGpus.request(texts.get(text)));
                assertThat(same(together.get(text), alone.getEntitiesList()))
                        .as("text %d, seed %d", text, SEED)
                        .isTrue();
            }
            assertThat(served.layer.open(0).launches() + served.layer.open(1).launches())
                    .as("captured encoders that ran")
                    .isPositive();
            assertThat(served.layer.open(1).log())
                    .as("the second GPU works too")
                    .isNotEmpty();
        }
    }

    @Test
    void rowsAndShapesAreTold() throws Exception {
        try (ServedGpus served = new ServedGpus(directory)) {
            GetServerInfoResponse info = served.calls().getServerInfo(GetServerInfoRequest.getDefaultInstance());

            assertThat(info.getEngine().getName()).isEqualTo("tensorrt");
            assertThat(info.getEngine().getLanes()).isEqualTo(4);
            assertThat(info.getLimits().getMaxTokens()).isEqualTo(512);
            assertThat(info.getBatchCosts().getRowLengthsList()).containsExactly(16, 32, 64, 128, 512);
        }
    }

    @Test
    void aGpuShortOfMemoryCostsNobodyAnAnswer() throws Exception {
        List<String> texts = texts();
        try (ServedGpus served = new ServedGpus(directory)) {
            AtomicInteger calls = new AtomicInteger();
            for (int gpu = 0; gpu < 2; gpu++) {
                served.layer.open(gpu).trouble(call -> {
                    if (call.equals("enqueueV3") && calls.incrementAndGet() % 5 == 0) {
                        throw DeviceException.outOfMemory("enqueueV3: cudaErrorMemoryAllocation");
                    }
                });
            }
            int answered = 0;
            for (ListenableFuture<ExtractResponse> answer : start(served, texts)) {
                answered += code(answer) == Status.Code.OK ? 1 : 0;
            }

            assertThat(calls.get()).isGreaterThan(50);
            assertThat(answered)
                    .as("rows that fail alone are answered INTERNAL")
                    .isGreaterThan(TEXTS * 3 / 5);
            served.layer.open(0).trouble(null);
            served.layer.open(1).trouble(null);
            assertThat(answers(served, texts)).hasSize(TEXTS);
            assertThat(served.engineLost).isNotDone();
        }
    }

    @Test
    void aLostGpuAnswersEverybodyAndTurnsTheServerNotServing() throws Exception {
        try (ServedGpus served = new ServedGpus(directory)) {
            served.layer.open(0).trouble(call -> {
                if (call.equals("cudaEventSynchronize")) {
                    throw DeviceException.sticky("cudaEventSynchronize: cudaErrorIllegalAddress (700)");
                }
            });
            for (ListenableFuture<ExtractResponse> answer : start(served, texts())) {
                assertThat(code(answer)).isIn(Status.Code.OK, Status.Code.UNAVAILABLE);
            }
            EngineException lost = (EngineException) served.engineLost.get(10, TimeUnit.SECONDS);

            assertThat(lost.kind()).isEqualTo(EngineException.Kind.DEVICE_FAILED);
            assertThat(lost).hasMessageContaining("cudaErrorIllegalAddress");
            assertThat(HealthGrpc.newBlockingStub(served.channel())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.NOT_SERVING);
        }
    }

    private static List<String> texts() {
        RandomTexts random = new RandomTexts(SEED);
        List<String> texts = new ArrayList<>();
        for (int text = 0; text < TEXTS; text++) {
            texts.add("Ada met " + random.next(1 + text % 12) + " in Paris");
        }
        return texts;
    }

    private static List<ListenableFuture<ExtractResponse>> start(ServedGpus served, List<String> texts) {
        return texts.stream()
                .map(text -> served.futures().extract(ServedGpus.request(text)))
                .toList();
    }

    private static List<List<Entity>> answers(ServedGpus served, List<String> texts) throws Exception {
        List<List<Entity>> answers = new ArrayList<>();
        for (ListenableFuture<ExtractResponse> answer : start(served, texts)) {
            answers.add(answer.get().getEntitiesList());
        }
        return answers;
    }

    private static Status.Code code(ListenableFuture<ExtractResponse> answer) throws InterruptedException {
        try {
            answer.get();
            return Status.Code.OK;
        } catch (ExecutionException e) {
            return Status.fromThrowable(e).getCode();
        }
    }

    /** The same spans and labels; scores may differ by rounding. */
    private static boolean same(List<Entity> one, List<Entity> other) {
        boolean same = one.size() == other.size();
        for (int entity = 0; same && entity < one.size(); entity++) {
            Entity a = one.get(entity);
            Entity b = other.get(entity);
            same = a.getStart() == b.getStart()
                    && a.getEnd() == b.getEnd()
                    && a.getLabelIndex() == b.getLabelIndex()
                    && Math.abs(a.getScore() - b.getScore()) < 1e-4;
        }
        return same;
    }
}
