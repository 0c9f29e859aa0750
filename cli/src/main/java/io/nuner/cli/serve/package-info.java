/** {@code nuner serve}: runs a server until it is told to stop. */
@NullMarked
package io.nuner.cli.serve;

import org.jspecify.annotations.NullMarked;
