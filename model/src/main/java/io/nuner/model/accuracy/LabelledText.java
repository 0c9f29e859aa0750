package io.nuner.model.accuracy;

import java.util.List;

/**
 * A text and what to look for in it. Immutable.
 *
 * @param text at least one word
 * @param labels at least one; the model may be unable to tell some of them apart
 */
public record LabelledText(String text, List<String> labels) {
    public LabelledText {
        labels = List.copyOf(labels);
    }

    /** Sizes only: this is the user's text. */
    @Override
    public String toString() {
        return "LabelledText[" + text.length() + " characters, " + labels.size() + " labels]";
    }
}
