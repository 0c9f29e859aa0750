package io.nuner.gputest.result;

import java.util.Locale;

/**
 * One figure that a stage measured, beside what it should be. Immutable.
 *
 * @param unit of the value; empty for a number of things
 * @param aim in words; empty if there is none
 * @param verdict {@code met} or {@code missed}; empty without an aim
 */
public record Measurement(String name, double value, String unit, String aim, String verdict) {
    public static final String MET = "met";
    public static final String MISSED = "missed";

    public Measurement {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", no number");
        }
    }

    /** A figure without an aim. */
    public static Measurement of(String name, double value, String unit) {
        return new Measurement(name, value, unit, "", "");
    }

    /** The same, which should be this or more. */
    public Measurement atLeast(double bound) {
        return new Measurement(name, value, unit, aim(">=", bound), value >= bound ? MET : MISSED);
    }

    /** The same, which should be less than this. */
    public Measurement below(double bound) {
        return new Measurement(name, value, unit, aim("<", bound), value < bound ? MET : MISSED);
    }

    private String aim(String relation, double bound) {
        return (relation + " " + number(bound) + " " + unit).strip();
    }

    /** The value and its unit, for humans. */
    public String text() {
        return (number(value) + " " + unit).strip();
    }

    /** Four significant digits, or all digits before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        if (size < 0.001) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
