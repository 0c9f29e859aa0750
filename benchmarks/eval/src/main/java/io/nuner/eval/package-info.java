/** Evaluation without a server: reading annotated files, what to ask for, comparing spans, counting. */
@NullMarked
package io.nuner.eval;

import org.jspecify.annotations.NullMarked;
