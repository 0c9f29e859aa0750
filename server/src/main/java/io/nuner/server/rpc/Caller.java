package io.nuner.server.rpc;

import io.nuner.server.batching.Tenant;

/**
 * Who makes a call, and how long they wait. Immutable.
 *
 * @param tenant whose share of the engine it uses
 * @param deadlineNanos when nobody waits any more, on the server's nano clock
 */
record Caller(Tenant tenant, long deadlineNanos) {}
