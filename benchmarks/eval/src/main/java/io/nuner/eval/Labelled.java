package io.nuner.eval;

/** What can be right or wrong and counts for one label. Implementations have value equality. */
interface Labelled {
    String label();
}
