package io.nuner.cli.extract;

/**
 * A text and where it comes from. Immutable.
 *
 * @param place as the user knows it, such as {@code --file notes.txt:7}
 * @param isLine whether it is one line of that place
 */
record AskedText(String place, boolean isLine, String text) {}
