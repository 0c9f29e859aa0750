/** A friendly client of {@code nuner.v1.NerService}: texts and labels in, entities out. */
@NullMarked
package io.nuner.client;

import org.jspecify.annotations.NullMarked;
