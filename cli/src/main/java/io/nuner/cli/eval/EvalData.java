package io.nuner.cli.eval;

import io.nuner.eval.DataFile;
import io.nuner.eval.DataFormat;
import io.nuner.eval.TestSet;

/**
 * What {@code nuner eval} asks for: a file, how it is written, and what it holds.
 *
 * @param limit how many texts were to be taken from its beginning; 0 for all
 */
record EvalData(DataFile file, DataFormat format, TestSet testSet, int limit) {}
