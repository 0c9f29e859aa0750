package io.nuner.server.observe;

/** Rounding up to powers of two, which keeps labels few. */
final class PowersOfTwo {
    private PowersOfTwo() {}

    /** Of the smallest power of two that is not below the value, which is at least 1. */
    static int exponent(int value) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(value - 1);
    }
}
