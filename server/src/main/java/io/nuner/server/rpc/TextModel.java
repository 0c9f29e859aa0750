package io.nuner.server.rpc;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.Words;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.Optional;

/** The text side of the served model. Any thread. */
public interface TextModel {
    /** What {@code GetServerInfo} says of it; the default merge policy is set. */
    ModelInfo info();

    /** Words that the model reads of one text. */
    int maxWords();

    /** What no label may contain. */
    List<String> forbiddenSubstrings();

    /** The first label that the model does not accept, if that can be told without its tokens; the problem does not quote it. */
    Optional<LabelProblem> check(List<String> labels);

    /** Accepted labels as the model reads them, which may show that it cannot tell two of them apart. */
    Prompt prompt(List<String> labels);

    /** Token ids of at least one word, none beyond the limit, and a prompt of at least one label and no problem. */
    EncodedRequest encode(Words words, Prompt prompt);
}
