package io.nuner.engine.trt.typing;

/** In which type an operator computes floating-point values. */
enum Computation {
    /** In half precision: a product, where the time goes, or what lies between two of them. */
    HALF,
    /** In float32: sums of products, norms, exponentials, recurrences, and whatever has no reason to be half. */
    FLOAT,
    /** Moves or picks values and rounds nothing: in the type they have. */
    CARRY
}
