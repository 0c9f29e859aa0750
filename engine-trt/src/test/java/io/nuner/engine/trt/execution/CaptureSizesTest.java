package io.nuner.engine.trt.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.trt.profile.Profile;
import io.nuner.engine.trt.profile.ProfileSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CaptureSizesTest {
    private static final long SEED = 11;

    private final ProfileSet profiles =
            ProfileSet.of(CompileSettings.DEFAULT_ROW_LENGTHS, new EngineLimits(256, 1024, 16_384, 100));
    private final CaptureSizes sizes = new CaptureSizes(CaptureSizes.DEFAULT_MAX_TOKENS);

    @Test
    void aCapturedSizeHoldsTheBatchAndLiesInItsProfile() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            EncoderSize batch = randomBatch(random);
            Profile profile = profiles.all().get(profiles.profileFor(batch).orElseThrow());

            EncoderSize captured = sizes.of(batch, profile).orElseThrow();

            assertThat(batch.fitsInto(captured))
                    .as("%s in %s, seed %d", batch, captured, SEED)
                    .isTrue();
            assertThat(profile.admits(captured))
                    .as("%s in %s, seed %d", captured, profile, SEED)
                    .isTrue();
            int more = captured.tokens() - batch.tokens();
            assertThat(more).as("%s, seed %d", batch, SEED).isLessThan(Math.max(8, batch.tokens() / 8 + 1));
        }
    }

    @Test
    void singleTextsOfOneLengthComeInFewSizes() {
        Set<EncoderSize> captured = new HashSet<>();
        for (int tokens = 97; tokens <= 128; tokens++) {
            for (int needed = tokens / 3; needed <= tokens * 3 / 4; needed++) {
                EncoderSize batch = new EncoderSize(1, tokens, tokens, needed);
                Profile profile = profiles.all().get(profiles.profileFor(batch).orElseThrow());
                captured.add(sizes.of(batch, profile).orElseThrow());
            }
        }

        assertThat(captured).hasSizeLessThanOrEqualTo(EncoderRunner.PLACES);
    }

    @Test
    void largeBatchesRunAtTheirOwnSize() {
        EncoderSize batch = new EncoderSize(20, 120, 2049, 900);
        Profile profile = profiles.all().get(profiles.profileFor(batch).orElseThrow());

        assertThat(sizes.of(batch, profile)).isEmpty();
        assertThat(new CaptureSizes(0).of(new EncoderSize(1, 5, 5, 2), profile)).isEmpty();
    }

    private static EncoderSize randomBatch(SplittableRandom random) {
        int longest = 1 + random.nextInt(1024);
        int rows = 1 + random.nextInt(Math.max(1, Math.min(256, CaptureSizes.DEFAULT_MAX_TOKENS / longest)));
        int tokens = longest + random.nextInt(Math.max(1, (rows - 1) * (longest - 1) + 1)) + rows - 1;
        return new EncoderSize(rows, longest, Math.min(tokens, rows * longest), 1 + random.nextInt(longest));
    }
}
