/** Java virtual machines of our own that may die in our stead. */
@NullMarked
package io.nuner.engine.trt.process;

import org.jspecify.annotations.NullMarked;
