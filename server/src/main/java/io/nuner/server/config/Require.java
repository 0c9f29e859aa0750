package io.nuner.server.config;

import java.time.Duration;

/** Checks of configuration values; messages name the key, the rule and the value. */
public final class Require {
    private Require() {}

    public static void that(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }

    static void positive(String key, long value) {
        that(value >= 1, key, "at least 1", value);
    }

    static void within(String key, long least, long most, long value) {
        that(value >= least, key, "at least " + least, value);
        that(value <= most, key, "at most " + most, value);
    }

    static void notNegative(String key, Duration value) {
        that(!value.isNegative(), key, "zero or longer", value);
    }
}
