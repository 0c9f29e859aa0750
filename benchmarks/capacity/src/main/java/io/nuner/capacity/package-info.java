/** Capacity: how many replicas a recorded load needs, found by simulating the server's own batcher. */
@NullMarked
package io.nuner.capacity;

import org.jspecify.annotations.NullMarked;
