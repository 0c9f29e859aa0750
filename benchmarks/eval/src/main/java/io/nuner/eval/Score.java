package io.nuner.eval;

/** Quality as fractions, 0 to 1. */
public record Score(double precision, double recall, double f1) {}
