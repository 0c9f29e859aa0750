package io.nuner.cli.common;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a share: a number followed by {@code %}. */
public final class Percentages implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
        try {
            if (value.endsWith("%")) {
                return Double.parseDouble(value.substring(0, value.length() - 1)) / 100;
            }
        } catch (NumberFormatException e) {
            throw unlike(value);
        }
        throw unlike(value);
    }

    private static TypeConversionException unlike(String value) {
        return new TypeConversionException("must look like 0.1% or 5%, but was " + value);
    }
}
