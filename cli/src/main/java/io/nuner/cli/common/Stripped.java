package io.nuner.cli.common;

import picocli.CommandLine.ITypeConverter;

/** Removes the blanks that people write around commas. */
public final class Stripped implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        return value.strip();
    }
}
