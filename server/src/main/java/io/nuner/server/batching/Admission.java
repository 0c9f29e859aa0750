package io.nuner.server.batching;

/** What the {@link AdmissionGate} says: a {@link Permit}, or a {@link Denial}. Immutable. */
public sealed interface Admission permits Permit, Denial {}
