package io.nuner.model;

import java.util.Locale;
import java.util.Optional;

/** How the weights of a model are stored when it is exported. */
public enum WeightType {
    /** As the checkpoint has them, or exactly widened. */
    FLOAT32,
    /** Those of products and of the word embeddings rounded to bytes; all others float32. A quarter of the size. */
    INT8;

    /** How weights are rounded to this type, if they are. */
    public Optional<Quantization> quantization() {
        return this == INT8 ? Optional.of(Quantization.OUTLIER_COLUMNS) : Optional.empty();
    }

    /** Its name in lower case, as in options and files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
