package io.nuner.model.export.checkpoint.weights;

/**
 * An uncompressed entry of a zip file. Immutable.
 *
 * @param offset bytes from the start of the file to the entry's content
 * @param size bytes of content
 */
record ZipRange(String name, long offset, long size) {}
