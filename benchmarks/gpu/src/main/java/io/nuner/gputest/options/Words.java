package io.nuner.gputest.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The words of a command line, by option. Immutable. */
final class Words {
    private final Map<String, String> values;

    private Words(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads {@code --name value} and {@code --name=value}.
     *
     * @param defaults every option there is, with its value where it is not given
     * @throws IllegalArgumentException naming the word that cannot be used
     */
    static Words parse(List<String> words, Map<String, String> defaults) {
        Map<String, String> values = new HashMap<>(defaults);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!defaults.containsKey(name)) {
                throw new IllegalArgumentException(
                        "unknown option " + name + "; there are " + String.join(" ", new TreeSet<>(defaults.keySet())));
            }
            if (equals < 0 && ++i == words.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            values.put(name, equals < 0 ? words.get(i) : word.substring(equals + 1));
        }
        return new Words(values);
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    Optional<Path> path(String name) {
        String text = text(name);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + " is no path: " + e.getMessage(), e);
        }
    }

    List<String> list(String name, String separator) {
        return Arrays.stream(text(name).split(separator, -1))
                .filter(part -> !part.isBlank())
                .toList();
    }

    int number(String name, int least, int most) {
        return number(name, text(name), least, most);
    }

    /** Whole numbers, ascending. */
    List<Integer> numbers(String name, int least, int most) {
        int last = least - 1;
        for (String part : list(name, ",")) {
            int next = number(name, part, least, most);
            if (next <= last) {
                throw new IllegalArgumentException(name + " must ascend, but was " + text(name));
            }
            last = next;
        }
        if (last < least) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
        return list(name, ",").stream()
                .map(part -> number(name, part, least, most))
                .toList();
    }

    double amount(String name, double least, double most) {
        try {
            double value = Double.parseDouble(text(name));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, but was " + text(name), e);
        }
        throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", but was " + text(name));
    }

    private static int number(String name, String text, int least, int most) {
        String range = name + " must be a whole number from " + least + " to " + most + ", but was " + text;
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range, e);
        }
        throw new IllegalArgumentException(range);
    }
}
