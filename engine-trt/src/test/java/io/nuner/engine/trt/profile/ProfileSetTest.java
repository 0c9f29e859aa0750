package io.nuner.engine.trt.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineLimits;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProfileSetTest {
    private static final EngineLimits LIMITS = new EngineLimits(256, 2048, 16_384, 100);
    private static final long SEED = 5;

    private final ProfileSet profiles = ProfileSet.of(CompileSettings.DEFAULT_ROW_LENGTHS, LIMITS);

    @Test
    void everyBatchThatTheLimitsAdmitHasACellOfTheNextRowLength() {
        SplittableRandom random = new SplittableRandom(SEED);
        EngineLimits limits = profiles.limits();
        for (int i = 0; i < 100_000; i++) {
            int longest = 1 + random.nextInt(limits.maxRowTokens());
            int most = Math.max(1, Math.min(limits.maxRows(), limits.maxBatchTokens() / longest));
            int rows = 1 + random.nextInt(most);
            int tokens = longest + random.nextInt(Math.max(1, (rows - 1) * longest + 1));
            EncoderSize batch = new EncoderSize(rows, longest, Math.max(tokens, rows), 1 + random.nextInt(tokens));

            Profile profile = profiles.all().get(profiles.profileFor(batch).orElseThrow());

            assertThat(profile.rowLength())
                    .as("%s, seed %d", batch, SEED)
                    .isEqualTo(profiles.engineCells().paddedLength(longest));
        }
    }

    @Test
    void rowsLongerThanTheLastLengthAreNoLongerAdmitted() {
        assertThat(profiles.limits().maxRowTokens()).isEqualTo(1024);
        assertThat(profiles.limits().maxRows()).isEqualTo(256);
        assertThat(profiles.engineCells().cover(profiles.limits())).isTrue();
        assertThat(profiles.profileFor(new EncoderSize(1, 1025, 1025, 1))).isEmpty();
    }

    @Test
    void lengthsThatNoRowNeedsAreLeftOut() {
        ProfileSet ofBert = ProfileSet.of(CompileSettings.DEFAULT_ROW_LENGTHS, new EngineLimits(16, 512, 4096, 100));

        assertThat(ofBert.engineCells().rowLengths()).endsWith(384, 512);
        assertThat(ofBert.limits().maxRowTokens()).isEqualTo(512);
    }

    @Test
    void aLengthBetweenTwoProfilesRunsInTheLongerOne() {
        ProfileSet cut = ProfileSet.of(CompileSettings.DEFAULT_ROW_LENGTHS, new EngineLimits(16, 300, 4096, 100));

        assertThat(cut.engineCells().rowLengths()).containsExactly(32, 64, 96, 128, 192, 256, 384);
        assertThat(cut.limits().maxRowTokens()).isEqualTo(300);
    }

    @Test
    void rowsOfACellAreBoundedByTheShortestLongestRow() {
        Profile long512 = profiles.all()
                .get(profiles.profileFor(new EncoderSize(9, 400, 3000, 10)).orElseThrow());

        assertThat(long512.rowLength()).isEqualTo(512);
        assertThat(long512.maxRows()).isEqualTo(16_384 / 385);
        assertThat(long512.maxTokens()).isEqualTo(16_384);
    }

    @Test
    void fewRowsOfAUsualLengthRunInACellOfTheirOwn() {
        int few = profiles.profileFor(new EncoderSize(2, 60, 100, 30)).orElseThrow();
        int many = profiles.profileFor(new EncoderSize(9, 60, 500, 30)).orElseThrow();

        assertThat(profiles.all().get(few).rowLength()).isEqualTo(64);
        assertThat(profiles.all().get(few).typical().rows()).isEqualTo(1);
        assertThat(profiles.all().get(many).rowLength()).isEqualTo(64);
        assertThat(profiles.all().get(many).maxRows()).isEqualTo(256);
        assertThat(many).isGreaterThan(few);
    }

    @Test
    void attentionHasOneLengthInAProfileAndAllElseIsFree() {
        List<ShapeRange> shapes = profiles.encoderShapes().get(0);

        assertThat(shapes).extracting(ShapeRange::input).contains("token_ids", "pad_index", "needed_tokens");
        ShapeRange pad = shapes.stream()
                .filter(range -> range.input().equals("pad_index"))
                .findFirst()
                .orElseThrow();
        assertThat(pad.min()).containsExactly(1L, 32L);
        assertThat(pad.max()).containsExactly(256L, 32L);
    }

    @Test
    void aHeadProfileHoldsTheWidestPromptAndTheLongestText() {
        List<ShapeRange> shapes = profiles.headShapes(1024).get(0);

        assertThat(shapes)
                .contains(new ShapeRange(
                        "hidden_states", List.of(1L, 1024L), List.of(3072L, 1024L), List.of(8192L, 1024L)));
        assertThat(shapes)
                .contains(new ShapeRange("label_index", List.of(1L, 1L), List.of(192L, 8L), List.of(256L, 100L)));
        assertThat(shapes)
                .contains(new ShapeRange("word_pad_index", List.of(1L, 1L), List.of(192L, 16L), List.of(256L, 32L)));
    }

    @Test
    void limitsOfOneRowStillMakeProfiles() {
        ProfileSet tiny = ProfileSet.of(List.of(8, 16), new EngineLimits(1, 10, 1, 1));

        assertThat(tiny.all()).extracting(Profile::maxRows).containsOnly(1);
        assertThat(tiny.profileFor(new EncoderSize(1, 10, 10, 4))).isPresent();
    }
}
