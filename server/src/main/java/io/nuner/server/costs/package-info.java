/** What a batch costs: the engine's latency over shapes, measured at start and fitted. Knows the engine only. */
@NullMarked
package io.nuner.server.costs;

import org.jspecify.annotations.NullMarked;
