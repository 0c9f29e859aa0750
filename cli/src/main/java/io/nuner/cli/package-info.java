/** The command line {@code nuner} and the place where server, model and engines come together. */
@NullMarked
package io.nuner.cli;

import org.jspecify.annotations.NullMarked;
