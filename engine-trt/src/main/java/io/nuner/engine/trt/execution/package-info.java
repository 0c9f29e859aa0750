/** Batches on a GPU: slots with buffers of their own, captured encoders, heads that run beside the next encoder. */
@NullMarked
package io.nuner.engine.trt.execution;

import org.jspecify.annotations.NullMarked;
