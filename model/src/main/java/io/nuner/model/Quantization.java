package io.nuner.model;

import java.util.Objects;

/**
 * How the weights of an exported model were rounded to whole numbers, as its manifest has it. Immutable.
 *
 * @param weights type of the stored weights, {@code int8}
 * @param recipe how weights and activations are rounded
 * @param version of the recipe; another one gives other scores
 * @param products what the engine must compute without overflow, {@code u8s8}: sums of unsigned times signed bytes
 */
public record Quantization(String weights, String recipe, int version, String products) {
    /**
     * Weights have one scale for each output, activations one for each token, found when the graph runs; see {@code
     * docs/adr/0025-int8.md}.
     */
    public static final Quantization PER_TOKEN = new Quantization("int8", "per-token", 1, "u8s8");

    public Quantization {
        require("weights", weights, "int8");
        require("products", products, "u8s8");
        Objects.requireNonNull(recipe); // JSON may lack it
    }

    private static void require(String field, String value, String known) {
        if (!known.equals(value)) {
            throw new IllegalArgumentException("quantization." + field + " is " + value + ", expected " + known
                    + "; another version of this program may know it");
        }
    }
}
