package io.nuner.cli.engine;

import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;

/**
 * The engine that runs the model.
 *
 * @param name its provider's
 * @param engine belongs to the caller
 * @param settings what it was opened with
 */
public record OpenedEngine(String name, InferenceEngine engine, EngineSettings settings) {}
