/** Whether a compiled engine finds what the reference finds: rows of real text, the reference's answers, the comparison. */
@NullMarked
package io.nuner.engine.trt.parity;

import org.jspecify.annotations.NullMarked;
