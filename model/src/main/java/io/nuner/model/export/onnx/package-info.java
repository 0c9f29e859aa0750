/** Builds ONNX graphs node by node and streams their weights into a file beside them. */
@NullMarked
package io.nuner.model.export.onnx;

import org.jspecify.annotations.NullMarked;
