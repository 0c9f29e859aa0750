package io.nuner.server.batching;

/** What the {@link AdmissionGate} says: a {@link Permit}, or a {@link Refusal}. Immutable. */
public sealed interface Admission permits Permit, Refusal {}
