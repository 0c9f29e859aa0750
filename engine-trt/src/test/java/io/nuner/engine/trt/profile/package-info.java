@NullMarked
package io.nuner.engine.trt.profile;

import org.jspecify.annotations.NullMarked;
