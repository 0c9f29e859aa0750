package io.nuner.engine.testing;

/** Throws what the compiler would not let through, as native bindings and other languages do. Any thread. */
public final class Sneaky {
    private Sneaky() {}

    /** Throws the throwable as it is, checked or not; never returns. */
    public static void raise(Throwable any) {
        Sneaky.<RuntimeException>raiseUnchecked(any);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void raiseUnchecked(Throwable any) throws T {
        throw (T) any;
    }
}
