package io.nuner.engine;

/** The whole-number tensors that describe a batch, inputs of the two graphs. Shapes: {@link GraphNames}. */
public enum BatchTensor {
    TOKEN_IDS(GraphNames.TOKEN_IDS, true),
    PAD_INDEX(GraphNames.PAD_INDEX, true),
    UNPAD_INDEX(GraphNames.UNPAD_INDEX, true),
    ROW_LENGTHS(GraphNames.ROW_LENGTHS, true),
    NEEDED_TOKENS(GraphNames.NEEDED_TOKENS, true),
    WORD_INDEX(GraphNames.WORD_INDEX, false),
    WORD_PAD_INDEX(GraphNames.WORD_PAD_INDEX, false),
    WORD_UNPAD_INDEX(GraphNames.WORD_UNPAD_INDEX, false),
    WORDS_LEFT(GraphNames.WORDS_LEFT, false),
    WORD_COUNTS(GraphNames.WORD_COUNTS, false),
    LABEL_INDEX(GraphNames.LABEL_INDEX, false);

    private final String graphName;
    private final boolean encoderInput;

    BatchTensor(String graphName, boolean encoderInput) {
        this.graphName = graphName;
        this.encoderInput = encoderInput;
    }

    /** Its name in the graphs. */
    public String graphName() {
        return graphName;
    }

    /** True for inputs of the encoder, false for inputs of the head. */
    public boolean isEncoderInput() {
        return encoderInput;
    }
}
