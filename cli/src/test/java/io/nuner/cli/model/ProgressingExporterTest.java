package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngineProvider;
import io.nuner.model.ModelException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which engine an int8 export runs the model with. */
class ProgressingExporterTest {
    private static final EngineProvider BLIND = new FakeEngineProvider();
    private static final EngineProvider ABSENT = new Inspecting("absent", false);
    private static final EngineProvider PRESENT = new Inspecting("present", true);

    @Test
    void theFirstUsableOneThatLooksInsideAModel() throws ModelException {
        assertThat(ProgressingExporter.inspecting(List.of(BLIND, ABSENT, PRESENT)))
                .isSameAs(PRESENT);
    }

    @Test
    void withoutOneTheExportIsRefusedWithTheReasons() {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> ProgressingExporter.inspecting(List.of(BLIND, ABSENT)))
                .withMessage(
                        "--weights int8 needs an engine that runs the model in float32 first, and none can do so here:"
                                + " absent cannot be used: switched off")
                .satisfies(failure ->
                        assertThat(CommandFailure.of(failure).exitCode()).isEqualTo(ExitCode.NO_ENGINE));
    }

    private record Inspecting(String name, boolean isUsable) implements EngineProvider {
        @Override
        public int preference() {
            return 0;
        }

        @Override
        public Availability availability() {
            return new Availability(isUsable, isUsable ? "always there" : "switched off");
        }

        @Override
        public Optional<GraphInspection> inspection() {
            return Optional.of((graphs, rows, outputs) -> {});
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
            throw EngineException.cannotOpen("opens nothing", new UnsupportedOperationException());
        }
    }
}
