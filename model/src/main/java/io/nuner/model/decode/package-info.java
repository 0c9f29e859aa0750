/** Scores to entities. */
@NullMarked
package io.nuner.model.decode;

import org.jspecify.annotations.NullMarked;
