package io.nuner.cli.common;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration: a whole number followed by {@code ms}, {@code s} or {@code m}, or {@code us} where that is too coarse. */
public final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        try {
            return parse(value);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException("must look like 500ms, 10s or 2m, but was " + value);
        }
    }

    private static Duration parse(String value) {
        if (value.endsWith("us")) {
            return Duration.of(number(value, 2), ChronoUnit.MICROS);
        }
        if (value.endsWith("ms")) {
            return Duration.ofMillis(number(value, 2));
        }
        if (value.endsWith("s")) {
            return Duration.ofSeconds(number(value, 1));
        }
        if (value.endsWith("m")) {
            return Duration.ofMinutes(number(value, 1));
        }
        throw new NumberFormatException(value);
    }

    private static long number(String value, int unitLength) {
        return Long.parseLong(value.substring(0, value.length() - unitLength));
    }
}
