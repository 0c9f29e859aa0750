package io.nuner.model.export.checkpoint.weights;

/** A pickle asks for something we do not do, or is damaged; the message says what. */
final class PickleRefused extends Exception {
    private static final long serialVersionUID = 1L;

    PickleRefused(String what) {
        super(what);
    }
}
