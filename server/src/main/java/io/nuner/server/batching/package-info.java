/**
 * Waiting, ordering and grouping of requests: one bound, one place of waiting. Knows no gRPC and runs no engine.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link io.nuner.server.batching.AdmissionGate} admits a text or refuses it. Any thread.
 *   <li>{@link io.nuner.server.batching.PendingRequest} is an admitted text that is ready to run.
 *   <li>{@link io.nuner.server.batching.BatcherRing} takes it, and news of the lanes, to the batcher's thread.
 *   <li>{@link io.nuner.server.batching.Batcher} decides when a batch leaves.
 *   <li>{@link io.nuner.server.batching.WaitingRequests} orders the texts that wait: by urgency, by tenant, by deadline.
 *   <li>{@link io.nuner.server.batching.BatchFormer} chooses which of them go together.
 * </ol>
 */
@NullMarked
package io.nuner.server.batching;

import org.jspecify.annotations.NullMarked;
