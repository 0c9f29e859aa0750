package io.nuner.load;

import java.nio.file.Path;

/**
 * A file of texts, each line a JSON object with a member {@code text}. Immutable.
 *
 * @param weight share of the calls that take a text from it, relative to the other files
 */
public record TextFile(Path file, double weight) {
    public TextFile {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("texts must have shares above 0, but one was " + weight);
        }
    }

    /** Reads {@code FILE} or {@code FILE=SHARE}. */
    public static TextFile parse(String value) {
        int equals = value.lastIndexOf('=');
        if (equals < 0) {
            return new TextFile(Path.of(value), 1);
        }
        try {
            return new TextFile(Path.of(value.substring(0, equals)), Double.parseDouble(value.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("texts must look like FILE or FILE=SHARE, the share a number", e);
        }
    }
}
