@NullMarked
package io.nuner.engine.trt.parity;

import org.jspecify.annotations.NullMarked;
