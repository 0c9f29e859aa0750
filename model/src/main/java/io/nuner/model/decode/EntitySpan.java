package io.nuner.model.decode;

/**
 * An entity found in a text. Immutable.
 *
 * @param start UTF-16 index of its first unit
 * @param end UTF-16 index behind its last unit
 * @param label index of its label
 * @param score probability, 0 to 1
 */
public record EntitySpan(int start, int end, int label, float score) {
    public EntitySpan {
        if (start < 0 || end <= start || label < 0) {
            throw new IllegalArgumentException("no entity: start " + start + ", end " + end + ", label " + label);
        }
    }
}
