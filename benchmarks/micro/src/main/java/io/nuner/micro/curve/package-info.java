/** An engine without a model that takes as long as a stated curve says: to measure everything but the engine. */
@NullMarked
package io.nuner.micro.curve;

import org.jspecify.annotations.NullMarked;
