package io.nuner.engine.trt.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan of a large model is verified at 500 MB/s or more, from the page cache, on one core. Prints the figure. */
@Tag("long")
class VerificationSpeedTest {
    private static final int MEGABYTES = 900;

    @Test
    void ofAPlanOf900Megabytes(@TempDir Path directory) throws Exception {
        PlanStore store = PlanStore.of(
                new CompileSettings(directory.resolve("cache"), Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS));
        PlanStore.Build build = to -> {
            CountedBuild.write(to);
            fill(to.resolve(StoredPlan.ENCODER));
            return Map.of();
        };
        store.obtain(Keys.some(), build, warning -> {});

        double best = 0;
        for (int run = 0; run < 3; run++) {
            long start = System.nanoTime();
            store.obtain(Keys.some(), build, warning -> {});
            best = Math.max(best, MEGABYTES * 1e9 / (System.nanoTime() - start));
        }

        System.out.printf("a plan of %d MB was verified at %.0f MB/s%n", MEGABYTES, best);
        assertThat(best).isGreaterThan(500);
    }

    private static void fill(Path file) {
        byte[] megabyte = new byte[1_000_000];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < MEGABYTES; written++) {
                new Random(written).nextBytes(megabyte);
                out.write(megabyte);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
