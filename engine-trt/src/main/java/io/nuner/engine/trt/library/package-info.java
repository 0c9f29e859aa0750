/** Where the native libraries of CUDA, TensorRT and their Java binding are. Reads files, loads none of them. */
@NullMarked
package io.nuner.engine.trt.library;

import org.jspecify.annotations.NullMarked;
