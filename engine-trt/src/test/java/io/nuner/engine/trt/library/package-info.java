@NullMarked
package io.nuner.engine.trt.library;

import org.jspecify.annotations.NullMarked;
