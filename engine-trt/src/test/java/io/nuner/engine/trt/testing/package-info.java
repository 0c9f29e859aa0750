/** A device layer without a GPU: keeps CUDA's and TensorRT's rules, computes with ONNX Runtime. */
@NullMarked
package io.nuner.engine.trt.testing;

import org.jspecify.annotations.NullMarked;
