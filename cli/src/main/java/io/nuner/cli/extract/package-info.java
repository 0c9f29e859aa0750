/** {@code nuner extract}: asks a server about texts, and prints the entities. */
@NullMarked
package io.nuner.cli.extract;

import org.jspecify.annotations.NullMarked;
