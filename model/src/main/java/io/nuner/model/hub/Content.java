package io.nuner.model.hub;

/**
 * What the bytes of a file must be. Immutable.
 *
 * @param size in bytes
 */
record Content(long size, Checksum checksum) {}
