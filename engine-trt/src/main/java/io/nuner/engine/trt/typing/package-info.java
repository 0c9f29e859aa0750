/**
 * Exported graphs retyped to half precision. TensorRT computes in the type that the graph gives each tensor, so the choice
 * of precision is made here and nowhere else.
 */
@NullMarked
package io.nuner.engine.trt.typing;

import org.jspecify.annotations.NullMarked;
