package io.nuner.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The shapes to which an engine pads a batch: row lengths and numbers of rows. Immutable. Looking up allocates nothing. */
public final class EngineCells {
    /** An engine that pads attention to the longest row of each batch and runs any number of rows. */
    public static final EngineCells ANY = copyOf(List.of(), List.of());

    private final int[] rowLengths;
    private final int[] rowCounts;

    private EngineCells(int[] rowLengths, int[] rowCounts) {
        this.rowLengths = rowLengths;
        this.rowCounts = rowCounts;
    }

    /**
     * Copies the lists.
     *
     * @param rowLengths tokens to which attention pads each row, ascending; empty if any length is run as it is
     * @param rowCounts rows to which a batch is filled up, ascending; empty if any number is run as it is
     * @throws IllegalArgumentException if a list does not ascend from 1 or more
     */
    public static EngineCells copyOf(List<Integer> rowLengths, List<Integer> rowCounts) {
        return new EngineCells(ascending("rowLengths", rowLengths), ascending("rowCounts", rowCounts));
    }

    /**
     * The values in an array.
     *
     * @throws IllegalArgumentException naming them if they do not ascend from 1 or more
     */
    static int[] ascending(String name, List<Integer> values) {
        int[] copy = values.stream().mapToInt(Integer::intValue).toArray();
        int last = 0;
        for (int value : copy) {
            if (value <= last) {
                throw new IllegalArgumentException(name + " must ascend from 1 or more, but was " + values);
            }
            last = value;
        }
        return copy;
    }

    /** Listed row lengths, ascending; a new list. */
    public List<Integer> rowLengths() {
        return IntStream.of(rowLengths).boxed().toList();
    }

    /** Listed numbers of rows, ascending; a new list. */
    public List<Integer> rowCounts() {
        return IntStream.of(rowCounts).boxed().toList();
    }

    /** Tokens each row costs where the longest has so many: the next listed length, or as many if there is none. */
    public int paddedLength(int longest) {
        return next(rowLengths, longest);
    }

    /** Rows a batch of so many costs: the next listed number, or as many if there is none. */
    public int paddedRows(int rows) {
        return next(rowCounts, rows);
    }

    private static int next(int[] listed, int value) {
        for (int candidate : listed) {
            if (candidate >= value) {
                return candidate;
            }
        }
        return value;
    }

    /** True if whatever the limits admit fits a listed shape. */
    public boolean cover(EngineLimits limits) {
        return reaches(rowLengths, limits.maxRowTokens()) && reaches(rowCounts, limits.maxRows());
    }

    private static boolean reaches(int[] listed, int most) {
        return listed.length == 0 || listed[listed.length - 1] >= most;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EngineCells cells
                && Arrays.equals(rowLengths, cells.rowLengths)
                && Arrays.equals(rowCounts, cells.rowCounts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(rowLengths) + Arrays.hashCode(rowCounts);
    }

    @Override
    public String toString() {
        return "EngineCells[rowLengths=" + rowLengths() + ", rowCounts=" + rowCounts() + "]";
    }
}
