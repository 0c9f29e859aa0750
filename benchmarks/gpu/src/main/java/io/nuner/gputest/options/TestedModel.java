package io.nuner.gputest.options;

import io.nuner.gputest.measure.Flops;
import io.nuner.model.testing.RandomCheckpoint;
import java.util.Locale;

/** Models under test, all with the vocabulary of NuNER Zero. */
public enum TestedModel {
    /** Two layers, for rehearsals without a GPU. */
    TINY(RandomCheckpoint.Shape.TINY_REAL_VOCAB, 0.27, 2, 32),
    /** The encoder of microsoft/deberta-v3-small. */
    SMALL(RandomCheckpoint.Shape.SMALL, 0, 6, 768),
    /** NuNER Zero: the encoder of microsoft/deberta-v3-large and a head of 768. */
    LARGE(RandomCheckpoint.Shape.LARGE, 0.085, 24, 1024);

    /** More than the 384 of NuNER Zero, so that rows of 512 tokens of one-token words exist. */
    private static final int MAX_WORDS = 512;

    private static final int BUCKETS = 256;
    private static final int MAX_POSITIONS = 512;

    private final RandomCheckpoint.Shape checkpoint;
    private final double scoreBias;
    private final int layers;
    private final int hidden;

    /** A bias found by trying: S3 measures the share of scores above 0.5. */
    TestedModel(RandomCheckpoint.Shape checkpoint, double scoreBias, int layers, int hidden) {
        this.checkpoint = checkpoint;
        this.scoreBias = scoreBias;
        this.layers = layers;
        this.hidden = hidden;
    }

    /** Its name in lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The operations of its encoder. */
    public Flops flops() {
        return new Flops(layers, hidden, 4 * hidden, BUCKETS, MAX_POSITIONS);
    }

    /** Its sizes. */
    public RandomCheckpoint.Shape checkpoint() {
        return checkpoint;
    }

    /** Its head. */
    public RandomCheckpoint.Head head() {
        return new RandomCheckpoint.Head(MAX_WORDS, scoreBias);
    }
}
