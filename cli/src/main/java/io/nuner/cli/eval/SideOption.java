package io.nuner.cli.eval;

import io.nuner.cli.common.HostAndPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What one of two options names: a server, or a directory with a model to serve meanwhile. Immutable.
 *
 * @param option with its dashes
 * @param value as given
 * @param server where it is; empty if the value is a directory
 */
record SideOption(String option, String value, Optional<HostAndPort> server) {
    /**
     * Reads a value: what is an address is a server.
     *
     * @throws IllegalArgumentException if it is neither an address nor a directory
     */
    static SideOption of(String option, String value) {
        try {
            return new SideOption(option, value, Optional.of(HostAndPort.parse(value)));
        } catch (IllegalArgumentException e) {
            if (isDirectory(value)) {
                return new SideOption(option, value, Optional.empty());
            }
            throw new IllegalArgumentException(option + " " + e.getMessage() + ", or the directory of a model", e);
        }
    }

    private static boolean isDirectory(String value) {
        return value.indexOf('\0') < 0 && Files.isDirectory(Path.of(value));
    }

    /** The directory with the model. */
    Path directory() {
        return Path.of(value);
    }

    /** Option and value, for messages. */
    @Override
    public String toString() {
        return option + " " + value;
    }
}
