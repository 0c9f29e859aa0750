package io.nuner.model.export.onnx;

/** A tensor inside a graph, known by its name. Immutable. */
public record Value(String name) {}
