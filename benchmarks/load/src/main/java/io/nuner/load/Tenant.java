package io.nuner.load;

/**
 * Somebody on whose behalf calls are made. Immutable.
 *
 * @param name sent as metadata {@code nuner-tenant}; empty sends none
 * @param weight share of the arrivals, relative to the other tenants
 */
public record Tenant(String name, double weight) {
    private static final int MAX_NAME = 64;

    public Tenant {
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 127);
        if (!printable || name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "tenants must have names of at most " + MAX_NAME + " printable ASCII characters");
        }
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tenants must have shares above 0, but one was " + weight);
        }
    }

    /** Nobody in particular. */
    public static Tenant unnamed() {
        return new Tenant("", 1);
    }
}
