package io.nuner.cli;

import java.util.Set;

/** Speaks of options where configuration records speak of keys. */
final class OptionNames {
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
}
