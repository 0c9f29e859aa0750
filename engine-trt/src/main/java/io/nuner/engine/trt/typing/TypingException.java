package io.nuner.engine.trt.typing;

/** A graph or a weight that cannot be typed. The message continues a sentence that begins with the file. */
final class TypingException extends Exception {
    private static final long serialVersionUID = 1L;

    TypingException(String message) {
        super(message);
    }
}
