package io.nuner.cli.extract;

import io.nuner.client.LabelOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NAME[=PROMPT][@THRESHOLD]}; a name holds no equals sign, and an at sign counts only before a number. */
final class LabelReader implements ITypeConverter<LabelOption> {
    private static final Pattern THRESHOLD = Pattern.compile("@\\s*(\\d+(?:\\.\\d+)?|\\.\\d+)\\s*$");

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
        Optional<Float> threshold = hasScore ? Optional.of(Float.parseFloat(score.group(1))) : Optional.empty();
        return new LabelOption(name, prompt, threshold);
    }
}
