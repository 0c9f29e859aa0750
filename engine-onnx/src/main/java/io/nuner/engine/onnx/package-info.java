@NullMarked
package io.nuner.engine.onnx;

import org.jspecify.annotations.NullMarked;
