/** Evaluation: reading annotated files, what to ask a server, comparing spans, counting, the report. */
@NullMarked
package io.nuner.eval;

import org.jspecify.annotations.NullMarked;
