package io.nuner.model.encode;

import com.google.gson.annotations.SerializedName;

/** An entry of added_tokens in a tokenizer.json; the components carry the names of the format. Immutable. */
record AddedToken(
        int id,
        String content,
        @SerializedName("single_word") boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {
    static final String OPENING = "[CLS]";
    static final String CLOSING = "[SEP]";
    static final String PADDING = "[PAD]";
    static final String UNKNOWN = "[UNK]";
    static final String MASK = "[MASK]";
    static final String CONTEXT_SEPARATOR = "[FLERT]";
    static final String LABEL_MARKER = "<<ENT>>";
    static final String PROMPT_END = "<<SEP>>";

    /** A token of the vocabulary's own frame, found before normalisation. */
    static AddedToken ofFrame(int id, String content) {
        boolean unknown = content.equals(UNKNOWN);
        return new AddedToken(id, content, false, false, false, unknown, true);
    }

    /** A token added by gliner or flair, with the flags they give it. */
    static AddedToken ofFamily(int id, String content) {
        boolean contextSeparator = content.equals(CONTEXT_SEPARATOR);
        return new AddedToken(id, content, false, false, false, !contextSeparator, contextSeparator);
    }
}
