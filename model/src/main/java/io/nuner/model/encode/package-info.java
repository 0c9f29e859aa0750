/** Words and labels to the token row a model reads. */
@NullMarked
package io.nuner.model.encode;

import org.jspecify.annotations.NullMarked;
