/** Runs batches: the threads of the engine's lanes and the threads that turn scores into answers. */
@NullMarked
package io.nuner.server.execution;

import org.jspecify.annotations.NullMarked;
