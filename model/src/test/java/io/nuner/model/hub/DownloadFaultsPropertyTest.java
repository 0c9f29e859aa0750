package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static io.nuner.model.hub.FetchScene.WEIGHTS_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.ModelException;
import io.nuner.model.hub.FakeReply.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever sequence of faults: there is no directory, or one with the right bytes. */
class DownloadFaultsPropertyTest {
    private static final int MAX_FAULTS = 8;

    @TempDir
    private Path cache;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDirectoryThatAppearsHoldsTheRightBytes(long seed) throws Exception {
        Random random = new Random(seed);
        try (FetchScene scene = new FetchScene(() -> cache)) {
            int faults = random.nextInt(MAX_FAULTS + 1);
            for (int i = 0; i < faults; i++) {
                scene.hub().next(WEIGHTS, fault(random));
            }

            fetchUntilDone(scene, faults + 1);

            assertThat(scene.directory().resolve(WEIGHTS)).as("seed %d", seed).hasBinaryContent(scene.weights());
        }
    }

    /** Every fetch uses up one fault at least. */
    private static void fetchUntilDone(FetchScene scene, int fetches) throws ModelException, InterruptedException {
        for (int i = 0; i < fetches && !Files.isDirectory(scene.directory()); i++) {
            try {
                scene.fetch();
            } catch (HubException e) {
                assertThat(scene.directory()).doesNotExist();
            }
        }
    }

    private static UnaryOperator<FakeReply> fault(Random random) {
        int bytes = random.nextInt(WEIGHTS_SIZE);
        return switch (random.nextInt(8)) {
            case 0 -> reply -> reply.endingAfter(bytes, Ending.CLOSE);
            case 1 -> reply -> reply.endingAfter(bytes, Ending.RESET);
            case 2 -> reply -> reply.without("Content-Length").endingAfter(bytes, Ending.CLOSE);
            case 3 -> reply -> reply.withBody(new byte[reply.body().length]);
            case 4 -> reply -> FakeReply.of(503);
            case 5 -> reply -> FakeReply.of(416);
            case 6 -> reply -> reply.with("ETag", "\"" + bytes + "\"").endingAfter(bytes, Ending.CLOSE);
            default -> reply -> FakeReply.of(200, new byte[bytes]);
        };
    }
}
