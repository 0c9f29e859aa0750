/** Processes that take a risk in this one's place. */
@NullMarked
package io.nuner.model.process;

import org.jspecify.annotations.NullMarked;
