package io.nuner.eval;

/** One of two servers that are compared. A server that is asked alone is {@link #A}. */
public enum Side {
    A,
    B
}
