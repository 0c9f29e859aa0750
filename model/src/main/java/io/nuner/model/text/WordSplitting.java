package io.nuner.model.text;

/** Where words begin and end. */
public enum WordSplitting {
    /** As the model was trained. A sentence of a script without spaces is one word, or breaks at its marks only. */
    REFERENCE,
    /**
     * The same, but words that hold Han, Hiragana, Katakana, Thai, Lao, Khmer or Myanmar letters are split at Unicode's word
     * boundaries (ICU). Marks behind them belong to them.
     */
    UNICODE
}
