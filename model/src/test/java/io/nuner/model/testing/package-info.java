/** Test support: small checkpoints with the answers of the reference implementation. */
@NullMarked
package io.nuner.model.testing;

import org.jspecify.annotations.NullMarked;
