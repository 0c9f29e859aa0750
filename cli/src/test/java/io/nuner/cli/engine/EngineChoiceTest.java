package io.nuner.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.testing.Sneaky;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
    private static final EngineProvider CPU = new FakeProvider("cpu", 1, true, Optional.empty());
    private static final EngineProvider SLOW = new FakeProvider("slow", 0, true, Optional.empty());
    private static final EngineProvider GPU = new FakeProvider("gpu", 9, false, Optional.empty());
    private static final ModelGraphs GRAPHS = FakeGraphs.named("encoder");

    private final List<String> warnings = new ArrayList<>();

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

    @Test
    void theEngineIsOpenedWithSettingsMadeForIt() throws CommandFailure {
        EngineChoice.Opened opened = open("auto", SLOW, CPU);

        assertThat(opened.name()).isEqualTo("cpu");
        assertThat(opened.settings().lanes()).isEqualTo(1);
        assertThat(opened.engine().description().lanes()).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void autoFallsBackWithOneWarningIfThePreferredEngineCannotOpenTheModel() throws CommandFailure {
        EngineProvider refusing = failing(EngineException.cannotOpen("spans\n differ", new IllegalStateException()));

        EngineChoice.Opened opened = open("auto", CPU, refusing, SLOW);

        assertThat(opened.name()).isEqualTo("cpu");
        assertThat(warnings)
                .containsExactly("the engine failing cannot run this model, cpu runs it instead: spans differ");
    }

    @Test
    void autoFallsBackOverAnEngineThatIsNotAvailable() throws CommandFailure {
        EngineProvider refusing = failing(EngineException.cannotOpen("no", new IllegalStateException()));
        EngineProvider absent = new FakeProvider("absent", 5, false, Optional.empty());

        assertThat(open("auto", absent, CPU, refusing).name()).isEqualTo("cpu");
        assertThat(warnings).hasSize(1);
    }

    @Test
    void autoFallsBackIfALibraryDoesNotFitOrTheEngineHasAnError() throws CommandFailure {
        open("auto", CPU, failing(new UnsatisfiedLinkError("libnvinfer.so.11: undefined symbol")));
        open("auto", CPU, failing(new IllegalStateException("a defect")));

        assertThat(warnings)
                .containsExactly(
                        "the engine failing cannot run this model, cpu runs it instead:"
                                + " UnsatisfiedLinkError: libnvinfer.so.11: undefined symbol",
                        "the engine failing cannot run this model, cpu runs it instead:"
                                + " IllegalStateException: a defect");
    }

    @Test
    void autoFailsWithTheLastReasonIfNoEngineCanOpenTheModel() {
        EngineProvider first = failing(EngineException.cannotOpen("first", new IllegalStateException()));
        EngineProvider last = new FakeProvider(
                "last", 0, true, Optional.of(EngineException.cannotOpen("last", new IllegalStateException())));

        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> open("auto", first, last, GPU));

        assertThat(failure).hasMessage("last");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void aNamedEngineThatCannotOpenTheModelFailsWithTheCauseAndNothingIsTriedInstead() {
        EngineProvider refusing = failing(EngineException.cannotOpen("spans differ", new IllegalStateException()));

        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> open("failing", CPU, refusing));

        assertThat(failure).hasMessage("--engine failing: spans differ");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_ENGINE);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aDeviceThatFailsWhileTheModelIsOpenedAsksForAnotherStart() {
        EngineProvider faulty = failing(EngineException.deviceFailed("error 700", new IllegalStateException()));

        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> open("failing", CPU, faulty));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.DEVICE_FAILED);
    }

    private EngineChoice.Opened open(String name, EngineProvider... providers) throws CommandFailure {
        EngineLimits limits = new EngineLimits(1, 8, 8, 1);
        return EngineChoice.of(name, List.of(providers))
                .open(
                        GRAPHS,
                        provider ->
                                new EngineSettings(limits, provider.defaults().lanes(), 0),
                        warnings::add);
    }

    private static EngineProvider failing(Throwable failure) {
        return new FakeProvider("failing", 9, true, Optional.of(failure));
    }

    private record FakeProvider(String name, int preference, boolean usable, Optional<Throwable> failure)
            implements EngineProvider {
        @Override
        public Availability availability() {
            return new Availability(usable, usable ? "fine" : name + " has no device");
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
            failure.ifPresent(Sneaky::raise);
            return new FakeEngine(settings.limits(), settings.lanes());
        }
    }
}
