package io.nuner.eval;

/** A token, by its number in its sentence, that lies in an entity of the label. */
record LabelledToken(int token, String label) implements Labelled {}
