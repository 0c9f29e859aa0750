/** Files of weights: which tensors lie where, in safetensors and in archives that PyTorch saved. Nothing in them is executed. */
@NullMarked
package io.nuner.model.export.checkpoint.weights;

import org.jspecify.annotations.NullMarked;
