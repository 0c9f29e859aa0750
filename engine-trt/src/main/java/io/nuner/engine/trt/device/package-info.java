/**
 * What the engine needs of CUDA and TensorRT, and nothing more: small enough for a fake that runs without either. Knows no
 * binding.
 */
@NullMarked
package io.nuner.engine.trt.device;

import org.jspecify.annotations.NullMarked;
