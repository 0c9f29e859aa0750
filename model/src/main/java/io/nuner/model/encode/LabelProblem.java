package io.nuner.model.encode;

/**
 * Why a list of labels is refused. Immutable.
 *
 * @param index the label at fault
 * @param message one line that names the label by its index and never quotes it
 */
public record LabelProblem(int index, String message) {}
