package io.nuner.server.texts;

import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.Optional;

/** The text side of the served model. Any thread. */
public interface TextModel {
    /** The model's part of {@code GetServerInfo}; the default merge policy is set. */
    ModelInfo info();

    /** Words that the model reads at once. */
    int maxWords();

    /** Substrings that no label may contain. */
    List<String> forbiddenSubstrings();

    /** The first label that breaks a rule of the model; tokens are not looked at. The problem does not quote the label. */
    Optional<LabelProblem> check(List<String> labels);

    /** Labels without such a problem as the model reads them; their tokens may show another problem. */
    Prompt prompt(List<String> labels);

    /** Makes rows of words and of a prompt without a problem. */
    TextEncoder encoder();
}
