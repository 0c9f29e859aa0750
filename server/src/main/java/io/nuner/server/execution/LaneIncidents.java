package io.nuner.server.execution;

/**
 * What the watchdog has counted since the start. Immutable.
 *
 * @param slow runs that passed their soft limit
 * @param lost lanes given up: their run passed its hard limit, or their thread ended
 * @param replaced lanes opened in their place
 */
public record LaneIncidents(long slow, long lost, long replaced) {}
