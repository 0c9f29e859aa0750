package io.nuner.model.decode;

/**
 * How scores become entities. Immutable.
 *
 * @param threshold an entity's score is strictly greater; 0 to 1
 * @param multiLabel the same words may carry several labels
 * @param flatNer entities of different words never overlap; otherwise one may lie within another
 * @param merging which neighbours of one label become one
 */
public record DecodeOptions(float threshold, boolean multiLabel, boolean flatNer, Merging merging) {
    public DecodeOptions {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must lie between 0 and 1, but is " + threshold);
        }
    }
}
