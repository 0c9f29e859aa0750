package io.nuner.eval;

/** Two servers cannot be compared, because they would not answer the same question. The message
 * says in what they differ. */
public final class IncomparableException extends Exception {
    private static final long serialVersionUID = 1L;

    IncomparableException(String what, String a, String b) {
        super("differ in " + what + ": " + a + " and " + b);
    }
}
