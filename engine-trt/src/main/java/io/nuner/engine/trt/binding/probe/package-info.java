/** Looking for GPUs in a process of its own. */
@NullMarked
package io.nuner.engine.trt.binding.probe;

import org.jspecify.annotations.NullMarked;
