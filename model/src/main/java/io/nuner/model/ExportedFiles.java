package io.nuner.model;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Names of the files of an exported model. */
public final class ExportedFiles {
    /** Graph from token ids to hidden states. */
    public static final String ENCODER = "encoder.onnx";

    /** The encoder's weights. */
    public static final String ENCODER_WEIGHTS = "encoder.weights";

    /** Graph from hidden states to logits. */
    public static final String HEAD = "head.onnx";

    /** The head's weights. */
    public static final String HEAD_WEIGHTS = "head.weights";

    /** The tokenizer, in the format of Hugging Face tokenizers. */
    public static final String TOKENIZER = "tokenizer.json";

    /** All of them, sorted. */
    public static final Set<String> ALL =
            Collections.unmodifiableSet(new TreeSet<>(Set.of(ENCODER, ENCODER_WEIGHTS, HEAD, HEAD_WEIGHTS, TOKENIZER)));

    private ExportedFiles() {}
}
