package io.nuner.eval;

/**
 * An annotated file that was read: how it is written, and what to ask about. Immutable.
 *
 * @param limit how many texts were to be taken from its beginning; 0 for all
 */
public record AnnotatedFile(DataFile file, DataFormat format, TestSet testSet, int limit) {}
