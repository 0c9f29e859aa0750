@NullMarked
package io.nuner.engine.trt.execution;

import org.jspecify.annotations.NullMarked;
