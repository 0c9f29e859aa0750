/** Waiting, ordering and grouping of requests: one bound, one place of waiting. Knows no gRPC and runs no engine. */
@NullMarked
package io.nuner.server.batching;

import org.jspecify.annotations.NullMarked;
