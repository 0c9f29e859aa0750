@NullMarked
package io.nuner.engine.trt.served;

import org.jspecify.annotations.NullMarked;
