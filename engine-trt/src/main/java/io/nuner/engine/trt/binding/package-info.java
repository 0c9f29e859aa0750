/**
 * CUDA and TensorRT through JavaCPP: loading by hand and the device layer; below it the probe that goes first and the
 * compiler. Nothing outside names the binding's classes.
 */
@NullMarked
package io.nuner.engine.trt.binding;

import org.jspecify.annotations.NullMarked;
