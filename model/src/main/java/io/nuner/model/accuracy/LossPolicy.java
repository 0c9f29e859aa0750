package io.nuner.model.accuracy;

/** What becomes of a rounded export that differs more from float32 than {@link AccuracyBounds} allow. */
public enum LossPolicy {
    /** It is not made, and not used. */
    REFUSE,
    /** It is made, and its manifest says so. */
    ACCEPT
}
