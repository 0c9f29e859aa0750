package io.nuner.model.encode;

/** Tokens that a tokenizer.json of the family adds to its vocabulary. */
final class AddedTokens {
    static final String OPENING = "[CLS]";
    static final String CLOSING = "[SEP]";
    static final String PADDING = "[PAD]";
    static final String UNKNOWN = "[UNK]";
    static final String MASK = "[MASK]";
    static final String CONTEXT_SEPARATOR = "[FLERT]";
    static final String LABEL_MARKER = "<<ENT>>";
    static final String PROMPT_END = "<<SEP>>";

    private AddedTokens() {}
}
