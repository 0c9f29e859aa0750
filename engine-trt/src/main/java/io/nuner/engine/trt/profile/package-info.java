/** Which shapes a plan is built for and which a batch runs at: pure arithmetic. */
@NullMarked
package io.nuner.engine.trt.profile;

import org.jspecify.annotations.NullMarked;
