package io.nuner.client;

import java.util.Optional;

/**
 * One entity type with more to say about it than its name. Immutable.
 *
 * @param name what {@link Entity#label()} says; several options of one name are aliases
 * @param prompt what the model is asked for, e.g. {@code name of a medicine}; the name if empty
 * @param threshold a score that entities of this option must exceed, in [0, 1]; that of the options if absent
 */
public record LabelOption(String name, String prompt, Optional<Float> threshold) {
    public LabelOption {
        threshold.ifPresent(score -> ExtractionOptions.requireProbability("threshold of a label", score));
    }

    /** An option whose name is also its prompt. */
    public static LabelOption named(String name) {
        return new LabelOption(name, "", Optional.empty());
    }

    /** The same with another prompt. */
    public LabelOption withPrompt(String newPrompt) {
        return new LabelOption(name, newPrompt, threshold);
    }

    /** The same with a threshold of its own. */
    public LabelOption withThreshold(float score) {
        return new LabelOption(name, prompt, Optional.of(score));
    }

    io.nuner.v1.LabelOption toMessage() {
        io.nuner.v1.LabelOption.Builder message =
                io.nuner.v1.LabelOption.newBuilder().setName(name).setPrompt(prompt);
        threshold.ifPresent(message::setThreshold);
        return message.build();
    }
}
