package io.nuner.cli.extract;

import io.nuner.client.LabelOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads {@code NAME[=PROMPT][@THRESHOLD]}. A name holds no equals sign. The last at sign counts at the end and before a digit, a
 * sign, a comma or a point; elsewhere it is part of the words.
 */
final class LabelReader implements ITypeConverter<LabelOption> {
    private static final Pattern THRESHOLD = Pattern.compile("@\\s*((?:[-+.,\\d][^@]*)?)$");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?|\\.\\d+");

    @Override
    public LabelOption convert(String value) {
        try {
            return parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /**
     * The option.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without it
     */
    static LabelOption parse(String value) {
        Matcher score = THRESHOLD.matcher(value);
        boolean hasScore = score.find();
        String words = hasScore ? value.substring(0, score.start()) : value;
        int equals = words.indexOf('=');
        String name = (equals < 0 ? words : words.substring(0, equals)).strip();
        String prompt = equals < 0 ? "" : words.substring(equals + 1).strip();
        if (name.isEmpty() || (equals >= 0 && prompt.isEmpty())) {
            throw new IllegalArgumentException(
                    "must look like NAME=PROMPT@THRESHOLD, with or without prompt and threshold");
        }
        return new LabelOption(
                name, prompt, hasScore ? Optional.of(threshold(score.group(1).strip())) : Optional.empty());
    }

    private static float threshold(String number) {
        if (!NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("must have a number from 0 to 1 behind the last @");
        }
        return Float.parseFloat(number);
    }
}
