package io.nuner.client;

import io.nuner.v1.ExtractRequest;
import java.util.List;

/** What to look for: entity types in plain words, or options that say more about each. Immutable. */
public final class Labels {
    private final ExtractRequest message;

    private Labels(ExtractRequest.Builder message) {
        this.message = message.build();
    }

    /** Entity types in plain words, e.g. {@code person}. */
    public static Labels of(String... names) {
        return of(List.of(names));
    }

    /** Entity types in plain words, e.g. {@code person}. */
    public static Labels of(List<String> names) {
        return new Labels(ExtractRequest.newBuilder().addAllLabels(names));
    }

    /** Entity types with prompts and thresholds of their own. */
    public static Labels ofOptions(List<LabelOption> options) {
        ExtractRequest.Builder message = ExtractRequest.newBuilder();
        options.stream().map(LabelOption::toMessage).forEach(message::addLabelOptions);
        return new Labels(message);
    }

    boolean haveOptions() {
        return message.getLabelOptionsCount() > 0;
    }

    /** A request that has these labels and nothing else yet. */
    ExtractRequest.Builder toRequest() {
        return message.toBuilder();
    }
}
