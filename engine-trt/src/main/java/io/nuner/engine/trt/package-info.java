/**
 * The GPU engine on TensorRT. Opening a model types its graphs ({@code typing}), compiles them in a process of its own
 * ({@code build}, {@code binding}), keeps the plans ({@code plan}), compares with the CPU engine ({@code parity}) and runs
 * batches ({@code execution}) in optimization profiles ({@code profile}) on a GPU ({@code device}).
 */
@NullMarked
package io.nuner.engine.trt;

import org.jspecify.annotations.NullMarked;
