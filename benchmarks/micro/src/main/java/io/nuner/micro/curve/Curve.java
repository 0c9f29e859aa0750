package io.nuner.micro.curve;

import io.nuner.engine.EngineCells;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How long batches take, written as {@code fixed_us=4000,per_token_us=30,per_square_ns=20}. Immutable.
 *
 * @param costs nanoseconds by what a batch holds
 */
record Curve(CostModel costs) {
    /** The variable that holds it. */
    static final String VARIABLE = "NUNER_CURVE";

    private static final String FORM = "fixed_us=…,per_token_us=…,per_square_ns=…";
    private static final double MAX_NANOS = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Reads a curve; a term that is left out is zero.
     *
     * @throws IllegalArgumentException naming the variable and the term
     */
    static Curve parse(String written) {
        Map<String, Double> terms = new HashMap<>(Map.of("fixed_us", 0.0, "per_token_us", 0.0, "per_square_ns", 0.0));
        for (String term : written.split(",", -1)) {
            String[] parts = term.strip().split("=", -1);
            if (parts.length != 2 || !terms.containsKey(parts[0])) {
                throw new IllegalArgumentException(VARIABLE + " must look like " + FORM + ", but a term was " + term);
            }
            terms.put(parts[0], number(parts[0], parts[1]));
        }
        return new Curve(new CostModel(
                new CostTerms(
                        terms.getOrDefault("fixed_us", 0.0) * NANOS_PER_MICRO,
                        0,
                        0,
                        terms.getOrDefault("per_token_us", 0.0) * NANOS_PER_MICRO,
                        terms.getOrDefault("per_square_ns", 0.0)),
                EngineCells.ANY));
    }

    private static double number(String name, String value) {
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number <= MAX_NANOS) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(VARIABLE + ": " + name + " must be a number, but was " + value, e);
        }
        throw new IllegalArgumentException(String.format(
                Locale.ROOT, "%s: %s must be from 0 to %.0f, but was %s", VARIABLE, name, MAX_NANOS, value));
    }
}
