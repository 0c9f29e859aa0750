package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
    private static final EngineProvider CPU = new FakeProvider("cpu", 1, true);
    private static final EngineProvider SLOW = new FakeProvider("slow", 0, true);
    private static final EngineProvider GPU = new FakeProvider("gpu", 9, false);

    @Test
    void autoTakesTheUsableEngineOfTheHighestPreference() throws CommandFailure {
        EngineChoice choice = EngineChoice.of("auto", List.of(SLOW, CPU));

        assertThat(choice.provider()).isSameAs(CPU);
        assertThat(choice.passedOver()).isEmpty();
    }

    @Test
    void autoSaysWhyABetterEngineWasPassedOver() throws CommandFailure {
        EngineChoice choice = EngineChoice.of("auto", List.of(CPU, GPU));

        assertThat(choice.provider()).isSameAs(CPU);
        assertThat(choice.passedOver()).containsExactly("gpu cannot be used: gpu has no device");
    }

    @Test
    void autoFailsWhenNothingIsUsable() {
        CommandFailure failure =
                catchThrowableOfType(CommandFailure.class, () -> EngineChoice.of("auto", List.of(GPU)));

        assertThat(failure).hasMessage("no engine can run here: gpu cannot be used: gpu has no device");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_ENGINE);
    }

    @Test
    void aNamedEngineIsTakenWhateverItsPreference() throws CommandFailure {
        assertThat(EngineChoice.of("slow", List.of(CPU, SLOW)).provider()).isSameAs(SLOW);
    }

    @Test
    void aNamedEngineThatCannotRunFailsWithItsReason() {
        CommandFailure failure =
                catchThrowableOfType(CommandFailure.class, () -> EngineChoice.of("gpu", List.of(CPU, GPU)));

        assertThat(failure).hasMessage("--engine gpu cannot be used: gpu has no device");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_ENGINE);
    }

    @Test
    void anUnknownEngineIsAnsweredWithTheKnownOnes() {
        CommandFailure failure =
                catchThrowableOfType(CommandFailure.class, () -> EngineChoice.of("tpu", List.of(CPU, GPU)));

        assertThat(failure).hasMessage("--engine must be one of auto, gpu, cpu, but was tpu");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private record FakeProvider(String name, int preference, boolean usable) implements EngineProvider {
        @Override
        public Availability availability() {
            return new Availability(usable, usable ? "fine" : name + " has no device");
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
            throw EngineException.batchFailed("not opened in this test");
        }
    }
}
