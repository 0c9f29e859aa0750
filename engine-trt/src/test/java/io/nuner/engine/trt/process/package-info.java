@NullMarked
package io.nuner.engine.trt.process;

import org.jspecify.annotations.NullMarked;
