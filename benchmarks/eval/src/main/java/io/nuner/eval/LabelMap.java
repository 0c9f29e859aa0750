package io.nuner.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says which words a model is asked with for each type of a file. Immutable.
 *
 * <p>A type that is not mentioned is asked for by its own name in lower case, with blanks for {@code _} and {@code -}.
 */
public final class LabelMap {
    private final Map<String, String> labels;

    private LabelMap(Map<String, String> labels) {
        this.labels = labels;
    }

    /**
     * A map with these labels, by type. An empty label leaves the type out. Labels are lower-cased, as servers do it, so
     * that types with one label are one type.
     */
    public static LabelMap of(Map<String, String> labels) {
        Map<String, String> copy = new HashMap<>();
        labels.forEach((type, label) -> copy.put(type, lowerCase(label)));
        return new LabelMap(Map.copyOf(copy));
    }

    /** The label to ask for; none if the type is left out. */
    public Optional<String> label(String type) {
        String label =
                labels.getOrDefault(type, lowerCase(type.replace('_', ' ').replace('-', ' ')));
        return label.isEmpty() ? Optional.empty() : Optional.of(label);
    }

    /** The types mentioned that are none of these, sorted. */
    public List<String> typesBesides(Set<String> types) {
        return labels.keySet().stream()
                .filter(type -> !types.contains(type))
                .sorted()
                .toList();
    }

    private static String lowerCase(String label) {
        return label.strip().toLowerCase(Locale.ROOT);
    }
}
