package io.nuner.model.encode.check;

/** A part of a tokenizer.json is not of a kind that the supported encoders use. The message continues the name of the file. */
final class TokenizerRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_QUOTE = 60;

    TokenizerRefused(String problem) {
        super(problem);
    }

    /** A name out of the file, fit for a message. */
    static String quote(String name) {
        return name.length() <= MAX_QUOTE ? name : name.substring(0, MAX_QUOTE) + "...";
    }
}
