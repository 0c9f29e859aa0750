package io.nuner.eval;

import io.nuner.client.ExtractionException;

/** A server cannot be asked any longer, or refused a text that the other side answered. */
public final class SideException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Side side;
    private final String place;
    private final ExtractionException failure;

    private SideException(Side side, String place, ExtractionException failure) {
        super(side + ": " + failure.getMessage(), failure);
        this.side = side;
        this.place = place;
        this.failure = failure;
    }

    /** The server cannot be asked any longer. */
    static SideException of(Side side, ExtractionException failure) {
        return new SideException(side, "", failure);
    }

    /** The server refused a text that the other side answered. */
    static SideException about(AnnotatedText text, Side side, ExtractionException failure) {
        return new SideException(side, text.place(), failure);
    }

    /** Whose failure it is. */
    public Side side() {
        return side;
    }

    /** Where the text stands in its file that only this side refused; empty if the failure is about no text. */
    public String place() {
        return place;
    }

    /** What the server said. */
    public ExtractionException failure() {
        return failure;
    }
}
