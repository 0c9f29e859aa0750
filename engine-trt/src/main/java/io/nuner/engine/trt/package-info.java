@NullMarked
package io.nuner.engine.trt;

import org.jspecify.annotations.NullMarked;
