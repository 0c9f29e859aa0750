package io.nuner.files;

/** Writes sizes for people. Any thread. */
public final class ByteCount {
    /** One megabyte is a million bytes, as disks and hubs count. */
    public static final long MEGABYTE = 1_000_000;

    private static final long EXACT_BELOW = 10 * MEGABYTE;

    private ByteCount() {}

    /** Exact if it is small, else in megabytes. */
    public static String of(long bytes) {
        return bytes < EXACT_BELOW ? bytes + " bytes" : (bytes + MEGABYTE / 2) / MEGABYTE + " MB";
    }

    /** A part of a whole, in the unit of the whole: {@code 12 of 340 MB}. */
    public static String of(long part, long whole) {
        return (whole < EXACT_BELOW ? part : part / MEGABYTE) + " of " + of(whole);
    }
}
