package io.nuner.cli;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngine;
import java.util.Optional;

/** An engine that says what it compiles, and refuses bfloat16. On the test class path only. */
public final class CompilingEngine implements EngineProvider {
    @Override
    public String name() {
        return "test-compiling";
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public Availability availability() {
        return new Availability(true, "a test asked for it");
    }

    @Override
    public EngineProvider.Defaults defaults() {
        return new EngineProvider.Defaults(2, 64, 16_384);
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        CompileSettings compile = settings.compilation().orElseThrow();
        compile.listener()
                .progress("compiling for " + settings + " with "
                        + graphs.samples().get().size() + " samples");
        if (compile.precision().key().equals("bf16")) {
            throw EngineException.cannotOpen("the parity gate refuses bf16", new IllegalStateException());
        }
        return new Compiled(new FakeEngine(settings.limits(), settings.lanes()));
    }

    private record Compiled(FakeEngine fake) implements InferenceEngine {
        @Override
        public EngineDescription description() {
            ParityReport parity = new ParityReport("onnx 1.29.0", "fp16", 24, 310, 0, 2, 0.0042, 0.0017);
            return new EngineDescription("test-compiling", "1", "none", 1, Optional.of(parity));
        }

        @Override
        public EngineLimits limits() {
            return fake.limits();
        }

        @Override
        public EngineCells cells() {
            return fake.cells();
        }

        @Override
        public EngineLane openLane() throws EngineException {
            return fake.openLane();
        }

        @Override
        public void close() {
            fake.close();
        }
    }
}
