package io.nuner.cli;

import picocli.CommandLine.ITypeConverter;

/** Takes the blanks away that people write around commas. */
final class Stripped implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        return value.strip();
    }
}
