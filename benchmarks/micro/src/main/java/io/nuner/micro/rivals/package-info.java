/** This project's side of the comparison with other programs for the same models; see {@code benchmarks/int8}. */
@NullMarked
package io.nuner.micro.rivals;

import org.jspecify.annotations.NullMarked;
