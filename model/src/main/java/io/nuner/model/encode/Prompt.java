package io.nuner.model.encode;

import io.nuner.model.encode.LabelRules.LabelProblem;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The labels of a request as the model reads them. Immutable. Any thread. */
public final class Prompt {
    private static final int OPENING_AND_END = 2;

    private final int[][] pieces;
    private final Optional<LabelProblem> problem;

    private Prompt(int[][] pieces, Optional<LabelProblem> problem) {
        this.pieces = pieces;
        this.problem = problem;
    }

    /**
     * The labels that have these tokens. Takes over the arrays.
     *
     * @param reserved true for the tokens that no label may spell
     */
    public static Prompt of(int[][] pieces, IntPredicate reserved) {
        return new Prompt(pieces, problem(pieces, reserved));
    }

    /** The number of labels. */
    public int labels() {
        return pieces.length;
    }

    /** The first label, if any, that the model reads as nothing, as one of its own tokens, or as an earlier label. */
    public Optional<LabelProblem> problem() {
        return problem;
    }

    /** The labels from {@code from} to before {@code to}; none of them may have a problem. */
    public Prompt range(int from, int to) {
        return new Prompt(Arrays.copyOfRange(pieces, from, to), Optional.empty());
    }

    /** Tokens of a row before its first word: the opening token, marker and tokens of each label, the end of the prompt. */
    public int rowTokens() {
        int tokens = OPENING_AND_END;
        for (int label = 0; label < pieces.length; label++) {
            tokens += rowTokens(label);
        }
        return tokens;
    }

    /** Tokens that a label adds to a row: its marker and its own. */
    public int rowTokens(int label) {
        return 1 + pieces[label].length;
    }

    /** The tokens of a label, not to be changed. */
    int[] pieces(int label) {
        return pieces[label];
    }

    private static Optional<LabelProblem> problem(int[][] pieces, IntPredicate reserved) {
        Map<IntBuffer, Integer> seen = new HashMap<>();
        for (int label = 0; label < pieces.length; label++) {
            if (pieces[label].length == 0) {
                return Optional.of(LabelProblem.of(label, "gives the model no token"));
            }
            if (IntStream.of(pieces[label]).anyMatch(reserved)) {
                return Optional.of(LabelProblem.of(label, "spells a token of the model"));
            }
            Integer earlier = seen.putIfAbsent(IntBuffer.wrap(pieces[label]), label);
            if (earlier != null) {
                return Optional.of(LabelProblem.sameTokens(label, earlier));
            }
        }
        return Optional.empty();
    }
}
