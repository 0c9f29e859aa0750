/** Text to words, and word offsets to the caller's unit. */
@NullMarked
package io.nuner.model.text;

import org.jspecify.annotations.NullMarked;
