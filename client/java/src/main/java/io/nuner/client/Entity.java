package io.nuner.client;

/**
 * A span {@code [start, end)} of a text with its type.
 *
 * @param start in the unit that was asked for
 * @param end in the unit that was asked for, exclusive
 * @param text what stands between start and end
 * @param label as the caller wrote it
 * @param score probability in (0, 1)
 */
public record Entity(int start, int end, String text, String label, float score) {
    static Entity of(io.nuner.v1.Entity message) {
        return new Entity(
                message.getStart(), message.getEnd(), message.getText(), message.getLabel(), message.getScore());
    }
}
