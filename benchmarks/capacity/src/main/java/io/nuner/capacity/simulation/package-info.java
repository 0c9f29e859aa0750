/** A dry run: the server's own batcher under a clock and lanes that are simulated. */
@NullMarked
package io.nuner.capacity.simulation;

import org.jspecify.annotations.NullMarked;
