package io.nuner.model.window;

/**
 * How large windows are. Immutable.
 *
 * @param maxWords words of a window at most
 * @param maxTokens tokens of a row at most, its labels included
 * @param overlapWords words that two neighbouring windows share, if each has twice as many
 */
public record WindowLimits(int maxWords, int maxTokens, int overlapWords) {
    public WindowLimits {
        if (maxWords < 1 || maxTokens < 1 || overlapWords < 0) {
            throw new IllegalArgumentException(
                    "no windows of " + maxWords + " words and " + maxTokens + " tokens that share " + overlapWords);
        }
    }
}
