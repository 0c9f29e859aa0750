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
     * Weights have one scale for each output, activations one for each token, found when the graph runs. Inputs that are outliers
     * stay float32, chosen when the model is exported. See {@code docs/adr/0025-int8.md} and {@code docs/adr/0026-int8-recipe.md}.
     */
    public static final Quantization OUTLIER_COLUMNS = new Quantization("int8", "per-token-outlier-columns", 1, "u8s8");

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
