/**
 * What the parts of the model side share, and {@link NerModel}, which brings them together. So this package, {@code encode} and
 * {@code encode.check} know each other; all other packages of the module point one way.
 */
@NullMarked
package io.nuner.model;

import org.jspecify.annotations.NullMarked;
