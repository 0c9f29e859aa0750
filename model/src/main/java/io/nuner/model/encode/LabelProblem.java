package io.nuner.model.encode;

/**
 * Why a list of labels is refused. Immutable.
 *
 * @param index the label at fault
 * @param fault what is wrong with it, to be read after its name; never quotes it
 */
public record LabelProblem(int index, String fault) {
    /** A label which the model cannot tell from an earlier one. */
    static LabelProblem sameTokens(int index, int earlier) {
        return new LabelProblem(index, "gives the model the same tokens as labels[" + earlier + "]");
    }
}
