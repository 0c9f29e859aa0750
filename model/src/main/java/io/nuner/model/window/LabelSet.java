package io.nuner.model.window;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a request looks for: for each label its name, what the model reads, and its threshold if it has one of its own. Labels
 * of one name are aliases: they count as one where entities exclude each other or are joined. Immutable. Any thread.
 */
public final class LabelSet {
    private final List<Label> labels;
    private final int[] names;

    private LabelSet(List<Label> labels, int[] names) {
        this.labels = List.copyOf(labels);
        this.names = names;
    }

    /** Labels that are their own names and prompts. No two of them are aliases. */
    public static LabelSet ofNames(List<String> labels) {
        int[] names = new int[labels.size()];
        for (int label = 0; label < names.length; label++) {
            names[label] = label;
        }
        return new LabelSet(
                labels.stream()
                        .map(label -> new Label(label, label, OptionalDouble.empty()))
                        .toList(),
                names);
    }

    /** Labels with more to say; those of equal names are aliases. */
    public static LabelSet of(List<Label> labels) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] names = new int[labels.size()];
        for (int label = 0; label < names.length; label++) {
            int next = numbers.size();
            names[label] = numbers.computeIfAbsent(labels.get(label).name(), name -> next);
        }
        return new LabelSet(labels, names);
    }

    /** How many labels there are. */
    public int count() {
        return names.length;
    }

    /** What entities of the label are called. */
    public String name(int label) {
        return labels.get(label).name();
    }

    /** What the model is asked for, label by label, as the caller wrote it. */
    public List<String> prompts() {
        return labels.stream().map(Label::prompt).toList();
    }

    /** A number that labels of equal names share: below {@link #count}, in the order of their first labels. */
    public int nameNumber(int label) {
        return names[label];
    }

    /** What a score of the label must exceed. */
    public float threshold(int label, float otherwise) {
        return (float) labels.get(label).threshold().orElse(otherwise);
    }

    /** The count only: labels are the caller's words and may not be printed. */
    @Override
    public String toString() {
        return "LabelSet[" + count() + "]";
    }

    /**
     * One label. Immutable.
     *
     * @param name what its entities are called
     * @param prompt what the model reads, before {@link io.nuner.model.encode.LabelRules#toPrompt}
     * @param threshold what its scores must exceed, 0 to 1, in place of the request's threshold
     */
    public record Label(String name, String prompt, OptionalDouble threshold) {
        public Label {
            if (threshold.isPresent() && !(threshold.getAsDouble() >= 0 && threshold.getAsDouble() <= 1)) {
                throw new IllegalArgumentException(
                        "threshold must lie between 0 and 1, but is " + threshold.getAsDouble());
            }
        }

        @Override
        public String toString() {
            return "Label";
        }
    }
}
