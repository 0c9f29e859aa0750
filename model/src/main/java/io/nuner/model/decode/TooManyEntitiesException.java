package io.nuner.model.decode;

/** A text has more entities than its caller may be given. Without a stack trace: callers can cause it at will. */
public final class TooManyEntitiesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long count;

    TooManyEntitiesException(long count, long limit) {
        super(count + " entities, of at most " + limit, null, false, false);
        this.count = count;
    }

    /** How many there are, before neighbours are joined. */
    public long count() {
        return count;
    }
}
