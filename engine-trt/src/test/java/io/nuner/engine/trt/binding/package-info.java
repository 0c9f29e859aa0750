@NullMarked
package io.nuner.engine.trt.binding;

import org.jspecify.annotations.NullMarked;
