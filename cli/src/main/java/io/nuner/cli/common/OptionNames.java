package io.nuner.cli.common;

import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Replaces the key that a configuration record names in a message by the option. */
public final class OptionNames {
    private OptionNames() {}

    /**
     * The message with its leading key, such as {@code drain.grace} or {@code load.max-requests}, replaced by the option
     * of that name; unchanged if there is none.
     */
    static String in(String message, Set<String> options) {
        int space = message.indexOf(' ');
        String key = space < 0 ? message : message.substring(0, space);
        String rest = message.substring(key.length());
        String whole = "--" + key.replace('.', '-');
        if (options.contains(whole)) {
            return whole + rest;
        }
        String last = "--" + key.substring(key.lastIndexOf('.') + 1);
        return options.contains(last) ? last + rest : message;
    }

    /** Checks options; if one is refused, the command ends with one line that names it. */
    public static void check(CommandSpec spec, Runnable check) {
        checked(spec, () -> {
            check.run();
            return spec;
        });
    }

    /** A value made of options; if it refuses one of them, the command ends with one line that names the option. */
    public static <T> T checked(CommandSpec spec, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            String message =
                    in(String.valueOf(e.getMessage()), spec.optionsMap().keySet());
            throw new ParameterException(spec.commandLine(), message, e);
        }
    }
}
