package io.nuner.server.costs;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which shapes to measure. Immutable.
 *
 * <p>Rows and longest row go up by doubling, as the engine pads them. Every other step comes first, so that a little time
 * sees the whole range; within each half small shapes come first.
 *
 * @param limits what one batch may hold
 * @param cells to what the engine pads it
 * @param maxPaddedTokens rows times longest row of the largest shape, which decides how much memory measuring takes
 */
record ShapeGrid(EngineLimits limits, EngineCells cells, int maxPaddedTokens) {
    /** Enough to see how cost grows, and little memory compared with the rest of a server. */
    static final int DEFAULT_PADDED_TOKENS = 2048;

    private static final int SHORTEST = 16;
    private static final int RAGGED_ROWS = 4;
    private static final int RAGGED_LENGTH = 4 * SHORTEST;

    /** The memory of attention grows by the square: a shape takes at most as much as a full one in rows of this length. */
    private static final int LONGEST_AT_FULL_SIZE = 256;

    /** The shapes in the order to measure them, each once; the first is the smallest. */
    List<BatchShape> shapes() {
        List<BatchShape> coarse = shapes(2);
        return Stream.concat(coarse.stream(), shapes(1).stream()).distinct().toList();
    }

    private List<BatchShape> shapes(int stride) {
        List<BatchShape> shapes = new ArrayList<>();
        for (int length : ladder(Math.min(SHORTEST, limits.maxRowTokens()), limits.maxRowTokens(), stride)) {
            int longest = Math.min(limits.maxRowTokens(), cells.paddedLength(length));
            for (int count : ladder(1, limits.maxRows(), stride)) {
                addIfFitting(Math.min(limits.maxRows(), cells.paddedRows(count)), longest, shapes);
            }
        }
        shapes.sort(Comparator.comparingInt(BatchShape::paddedTokens).thenComparingInt(BatchShape::tokens));
        return shapes;
    }

    /** From first to last, each {@code stride} doublings from the one before, and the last. */
    private static List<Integer> ladder(int first, int last, int stride) {
        List<Integer> steps = new ArrayList<>();
        for (long step = first; step < last; step <<= stride) {
            steps.add((int) step);
        }
        steps.add(last);
        return steps;
    }

    private void addIfFitting(int rows, int longest, List<BatchShape> shapes) {
        if (!fits(rows, longest)) {
            return;
        }
        shapes.add(BatchShape.full(rows, longest));
        if (rows >= RAGGED_ROWS
                && longest >= RAGGED_LENGTH) { // one long row among short ones tells tokens from padding
            shapes.add(new BatchShape(rows, longest, longest + (rows - 1) * SHORTEST));
        }
    }

    private boolean fits(int rows, int longest) {
        long padded = (long) rows * longest;
        boolean smallest = rows == 1 && longest <= SHORTEST;
        boolean affordable =
                padded <= maxPaddedTokens && padded * longest <= (long) maxPaddedTokens * LONGEST_AT_FULL_SIZE;
        return limits.admits(rows - 1, longest, longest) && (smallest || affordable);
    }
}
