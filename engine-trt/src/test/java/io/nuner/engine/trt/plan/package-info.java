@NullMarked
package io.nuner.engine.trt.plan;

import org.jspecify.annotations.NullMarked;
