package io.nuner.gputest.weights;

import io.nuner.gputest.measure.Flops;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Sizes of an encoder and its head, all with the vocabulary of NuNER Zero. */
public enum ModelShape {
    /** Two layers, for rehearsals without a GPU. */
    TINY(2, 32, 4, 24),
    /** The encoder of microsoft/deberta-v3-small. */
    SMALL(6, 768, 12, 512),
    /** NuNER Zero: the encoder of microsoft/deberta-v3-large and a head of 768. */
    LARGE(24, 1024, 16, 768);

    static final int VOCABULARY = 128_004;
    static final int BUCKETS = 256;
    static final int MAX_POSITIONS = 512;

    private final int layers;
    private final int hidden;
    private final int heads;
    private final int projected;

    ModelShape(int layers, int hidden, int heads, int projected) {
        this.layers = layers;
        this.hidden = hidden;
        this.heads = heads;
        this.projected = projected;
    }

    /**
     * The shape of a name in lower case.
     *
     * @throws IllegalArgumentException naming the shapes there are
     */
    public static ModelShape named(String name) {
        return Arrays.stream(values())
                .filter(shape -> shape.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--shape must be one of "
                        + Arrays.stream(values()).map(ModelShape::key).collect(Collectors.joining(", ")) + ", but was "
                        + name));
    }

    /** Its name in lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its encoder computes. */
    public Flops flops() {
        return new Flops(layers, hidden, feedForward(), BUCKETS, MAX_POSITIONS);
    }

    int layers() {
        return layers;
    }

    int hidden() {
        return hidden;
    }

    int heads() {
        return heads;
    }

    int feedForward() {
        return 4 * hidden;
    }

    int projected() {
        return projected;
    }
}
