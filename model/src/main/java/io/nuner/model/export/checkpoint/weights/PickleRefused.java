package io.nuner.model.export.checkpoint.weights;

/** A pickle holds something unsupported, or is damaged; the message says what. */
final class PickleRefused extends Exception {
    private static final long serialVersionUID = 1L;

    PickleRefused(String what) {
        super(what);
    }
}
