package io.nuner.cli.common;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the words of the command line in place of the contract's fields and values. */
public final class FieldWords {
    /** How a stream calls the request in which a text travels. */
    private static final Pattern REQUEST = Pattern.compile("\\brequest\\.(?=text\\b|labels\\b|label_options\\b)");

    private static final Pattern LIST = Pattern.compile("(?<=^|: )(?:labels|label_options)(?= )");
    private static final Pattern LABEL = Pattern.compile("\\b(?:labels|label_options)\\[(\\d{1,9})](?:\\.(\\w+))?");

    private FieldWords() {}

    /** A path, or a message with its path, as if the text had travelled alone. */
    public static String alone(String said) {
        return REQUEST.matcher(said).replaceAll("");
    }

    /**
     * A message of a server in the words of the command line.
     *
     * @param labels what the user calls each label that was asked for
     */
    public static String of(String message, List<String> labels) {
        String named = LIST.matcher(alone(message)).replaceFirst("the list of labels");
        return LABEL.matcher(named)
                .replaceAll(match ->
                        Matcher.quoteReplacement(label(labels, Integer.parseInt(match.group(1)), match.group(2))))
                .replace("long_text WINDOW", "--long-text=window")
                .replace("TRUNCATE its first", "--long-text=truncate its first")
                .replace("label_overflow SPLIT", "--label-overflow=split");
    }

    private static String label(List<String> labels, int index, @Nullable String part) {
        String name = index < labels.size() ? labels.get(index) : "label " + (index + 1);
        return part == null || part.equals("name") ? name : "the " + part + " of " + name;
    }
}
