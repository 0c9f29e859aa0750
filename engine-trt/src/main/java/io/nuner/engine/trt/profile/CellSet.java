package io.nuner.engine.trt.profile;

import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cells of an engine, one optimization profile each, in the order of the profiles. Immutable.
 *
 * <p>There is one for each row length, and before it a smaller one tuned for latency at the lengths of most texts.
 */
public final class CellSet {
    /** Lengths of a sentence and of a paragraph with its labels. */
    private static final Set<Integer> LATENCY_LENGTHS = Set.of(64, 128);

    private static final int LATENCY_ROWS = 8;

    private final List<Cell> cells;
    private final EngineLimits limits;

    private CellSet(List<Cell> cells, EngineLimits limits) {
        this.cells = List.copyOf(cells);
        this.limits = limits;
    }

    /**
     * Cells that together hold whatever the limits admit.
     *
     * @param rowLengths ascending; those beyond the first that holds the longest admitted row are left out, and rows longer
     *     than the last are no longer admitted
     */
    public static CellSet of(List<Integer> rowLengths, EngineLimits limits) {
        int longest = Math.min(limits.maxRowTokens(), rowLengths.get(rowLengths.size() - 1));
        EngineLimits admitted =
                new EngineLimits(limits.maxRows(), longest, limits.maxBatchTokens(), limits.maxLabels());
        List<Cell> cells = new ArrayList<>();
        int shorter = 0;
        for (int length : rowLengths) {
            if (shorter < longest) {
                addCells(cells, length, shorter, admitted);
                shorter = length;
            }
        }
        return new CellSet(cells, admitted);
    }

    /** A batch belongs here if its longest row is longer than {@code shorter}, which bounds its rows. */
    private static void addCells(List<Cell> cells, int length, int shorter, EngineLimits limits) {
        int rows = Math.max(1, Math.min(limits.maxRows(), limits.maxBatchTokens() / (shorter + 1)));
        int tokens = Math.max(length, Math.min(rows * length, limits.maxBatchTokens()));
        if (LATENCY_LENGTHS.contains(length) && rows > LATENCY_ROWS) {
            cells.add(Cell.forLatency(length, LATENCY_ROWS, Math.min(tokens, LATENCY_ROWS * length)));
        }
        cells.add(Cell.forThroughput(length, rows, tokens));
    }

    /** All of them; the index is the number of the profile. */
    public List<Cell> cells() {
        return cells;
    }

    /** What they hold: the limits given, but no row longer than the longest cell. */
    public EngineLimits limits() {
        return limits;
    }

    /** Shapes of the encoder's inputs, for each profile. */
    public List<List<ShapeRange>> encoderProfiles() {
        return cells.stream().map(Cell::encoder).toList();
    }

    /** Shapes of the head's inputs, for each profile. */
    public List<List<ShapeRange>> headProfiles(int hiddenSize) {
        return cells.stream()
                .map(cell -> cell.head(hiddenSize, limits.maxLabels()))
                .toList();
    }

    /** The number of the first cell in which a batch of these sizes runs; its row length may be larger. */
    public Optional<Integer> cellFor(EncoderSize size) {
        for (int cell = 0; cell < cells.size(); cell++) {
            if (cells.get(cell).admits(size)) {
                return Optional.of(cell);
            }
        }
        return Optional.empty();
    }

    /** What the batcher has to know of them. */
    public EngineCells engineCells() {
        List<Integer> lengths = cells.stream().map(Cell::rowLength).distinct().toList();
        return EngineCells.copyOf(lengths, List.of());
    }
}
