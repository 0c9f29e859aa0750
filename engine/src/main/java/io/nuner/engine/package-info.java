/** What every engine promises: packed batch in, logits out. Knows no text, no gRPC, no vendor. */
@NullMarked
package io.nuner.engine;

import org.jspecify.annotations.NullMarked;
