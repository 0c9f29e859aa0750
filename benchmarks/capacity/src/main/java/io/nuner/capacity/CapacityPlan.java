package io.nuner.capacity;

import java.util.Optional;

/**
 * How many replicas are needed. Immutable.
 *
 * @param needed the fewest that hold the promise
 * @param fewer one replica fewer; absent if one is enough
 * @param highest the highest rate at which one replica alone holds it; absent if there is none, which only happens if
 *     the trace has bursts that one replica cannot take
 */
public record CapacityPlan(Forecast needed, Optional<Forecast> fewer, Optional<Forecast> highest) {}
