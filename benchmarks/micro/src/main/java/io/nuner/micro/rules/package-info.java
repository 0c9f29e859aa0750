/** Other servers' batching rules and the simple batcher that the server had before, to be compared on the same traces. */
@NullMarked
package io.nuner.micro.rules;

import org.jspecify.annotations.NullMarked;
