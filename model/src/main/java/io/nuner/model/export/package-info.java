/** Turns a checkpoint into an exported model: ONNX graphs, their weights, the tokenizer and a manifest. */
@NullMarked
package io.nuner.model.export;

import org.jspecify.annotations.NullMarked;
