package io.nuner.micro.curve;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import org.jspecify.annotations.Nullable;

/** The engine {@code curve}: takes the time that {@code NUNER_CURVE} states and finds nothing. */
public final class CurveEngineProvider implements EngineProvider {
    private final @Nullable String curve;

    /** For the service loader. */
    public CurveEngineProvider() {
        this(System.getenv(Curve.VARIABLE));
    }

    CurveEngineProvider(@Nullable String curve) {
        this.curve = curve;
    }

    @Override
    public String name() {
        return "curve";
    }

    /** Never by itself. */
    @Override
    public int preference() {
        return Integer.MIN_VALUE;
    }

    @Override
    public Availability availability() {
        return curve == null
                ? new Availability(false, Curve.VARIABLE + " is not set")
                : new Availability(true, "takes the time of " + Curve.VARIABLE);
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        try {
            return new CurveEngine(
                    Curve.parse(String.valueOf(curve)),
                    settings.limits().within(graphs),
                    graphs.maxWidth(),
                    settings.lanes());
        } catch (IllegalArgumentException e) {
            throw EngineException.cannotOpen(String.valueOf(e.getMessage()), e);
        }
    }
}
