/**
 * CUDA and TensorRT through JavaCPP: loading by hand, the probe that goes first, the device layer, the compiler. The only
 * package that names the binding's classes.
 */
@NullMarked
package io.nuner.engine.trt.binding;

import org.jspecify.annotations.NullMarked;
