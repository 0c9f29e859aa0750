package io.nuner.engine.trt.plan;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A plan whose every byte was verified. Immutable: the buffers are read-only views of the files as they were mapped when they
 * were verified.
 *
 * @param directory where it lies
 * @param encoder direct buffer of the whole encoder plan
 * @param head direct buffer of the whole head plan
 * @param golden direct buffer of the reference's answers
 */
public record StoredPlan(Path directory, ByteBuffer encoder, ByteBuffer head, ByteBuffer golden) {
    /** The encoder's plan. */
    public static final String ENCODER = "encoder.plan";

    /** The head's plan. */
    public static final String HEAD = "head.plan";

    /** Rows with the reference engine's answers. */
    public static final String GOLDEN = "golden.bin";

    public StoredPlan {
        encoder = encoder.asReadOnlyBuffer();
        head = head.asReadOnlyBuffer();
        golden = golden.asReadOnlyBuffer();
    }
}
