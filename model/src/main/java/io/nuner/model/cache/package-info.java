/** Exports of checkpoints that are kept between starts. */
@NullMarked
package io.nuner.model.cache;

import org.jspecify.annotations.NullMarked;
