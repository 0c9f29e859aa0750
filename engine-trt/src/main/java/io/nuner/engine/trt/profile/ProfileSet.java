package io.nuner.engine.trt.profile;

import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The optimization profiles of an engine, in the order in which its plans have them. Immutable.
 *
 * <p>There is one for each row length, and before it a smaller one tuned for latency at the lengths of most texts.
 */
public final class ProfileSet {
    /** Lengths of a sentence and of a paragraph with its labels. */
    private static final Set<Integer> LATENCY_LENGTHS = Set.of(64, 128);

    private static final int LATENCY_ROWS = 8;

    private final List<Profile> profiles;
    private final EngineLimits limits;

    private ProfileSet(List<Profile> profiles, EngineLimits limits) {
        this.profiles = List.copyOf(profiles);
        this.limits = limits;
    }

    /**
     * Profiles that together hold whatever the limits admit.
     *
     * @param rowLengths ascending; those beyond the first that holds the longest admitted row are left out, and rows longer
     *     than the last are no longer admitted
     */
    public static ProfileSet of(List<Integer> rowLengths, EngineLimits limits) {
        int longest = Math.min(limits.maxRowTokens(), rowLengths.get(rowLengths.size() - 1));
        EngineLimits admitted =
                new EngineLimits(limits.maxRows(), longest, limits.maxBatchTokens(), limits.maxLabels());
        List<Profile> profiles = new ArrayList<>();
        int shorter = 0;
        for (int length : rowLengths) {
            if (shorter < longest) {
                addProfiles(profiles, length, shorter, admitted);
                shorter = length;
            }
        }
        return new ProfileSet(profiles, admitted);
    }

    /** A batch belongs here if its longest row is longer than {@code shorter}, which bounds its rows. */
    private static void addProfiles(List<Profile> profiles, int length, int shorter, EngineLimits limits) {
        int rows = Math.max(1, Math.min(limits.maxRows(), limits.maxBatchTokens() / (shorter + 1)));
        int tokens = Math.max(length, Math.min(rows * length, limits.maxBatchTokens()));
        if (LATENCY_LENGTHS.contains(length) && rows > LATENCY_ROWS) {
            profiles.add(Profile.forLatency(length, LATENCY_ROWS, Math.min(tokens, LATENCY_ROWS * length)));
        }
        profiles.add(Profile.forThroughput(length, rows, tokens));
    }

    /** All of them; the index is the number of the profile. */
    public List<Profile> all() {
        return profiles;
    }

    /** What they hold: the limits given, but no row longer than the longest profile. */
    public EngineLimits limits() {
        return limits;
    }

    /** Shapes of the encoder's inputs, for each profile. */
    public List<List<ShapeRange>> encoderShapes() {
        return profiles.stream().map(Profile::encoder).toList();
    }

    /** Shapes of the head's inputs, for each profile. */
    public List<List<ShapeRange>> headShapes(int hiddenSize) {
        return profiles.stream()
                .map(profile -> profile.head(hiddenSize, limits.maxLabels()))
                .toList();
    }

    /** The number of the first profile in which a batch of these sizes runs; its row length may be larger. */
    public Optional<Integer> profileFor(EncoderSize size) {
        for (int number = 0; number < profiles.size(); number++) {
            if (profiles.get(number).admits(size)) {
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }

    /** The row lengths to which the profiles pad, for the batcher. */
    public EngineCells engineCells() {
        List<Integer> lengths =
                profiles.stream().map(Profile::rowLength).distinct().toList();
        return EngineCells.copyOf(lengths, List.of());
    }
}
