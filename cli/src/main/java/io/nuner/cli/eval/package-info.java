/** {@code nuner eval}: asks a server about annotated texts, and prints how well it answered. */
@NullMarked
package io.nuner.cli.eval;

import org.jspecify.annotations.NullMarked;
