package io.nuner.engine.onnx;

/**
 * Says when memory that large batches took should go back to the system: after
 * {@value #SMALL_RUNS} batches in a row of less than half the size. One thread at a time.
 *
 * <p>ONNX Runtime keeps what a batch took for the next one, which is a fifth faster than asking the system each time. Without
 * this, one large batch holds several hundred megabytes for the life of the process.
 */
final class Aftermath {
    /** Seldom enough that the cost of asking the system again does not show. */
    static final int SMALL_RUNS = 64;

    private long largest;
    private long largestOfSmall;
    private int smallRuns;

    /**
     * Takes note of a batch that is about to run.
     *
     * @param size of the batch, in padded tokens
     * @return true if its run should end with giving memory back
     */
    boolean endsWith(long size) {
        if (size * 2 >= largest) {
            largest = Math.max(largest, size);
            forget();
            return false;
        }
        largestOfSmall = Math.max(largestOfSmall, size);
        smallRuns++;
        if (smallRuns < SMALL_RUNS) {
            return false;
        }
        largest = largestOfSmall;
        forget();
        return true;
    }

    private void forget() {
        largestOfSmall = 0;
        smallRuns = 0;
    }
}
