/** The GPU engine on TensorRT. So far it says whether a machine could run it; execution is not part of this build. */
@NullMarked
package io.nuner.engine.trt;

import org.jspecify.annotations.NullMarked;
