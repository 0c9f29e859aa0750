package io.nuner.engine.trt.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.FakeEngineProvider;
import io.nuner.engine.testing.FakeGraphs;
import io.nuner.engine.testing.RandomRows;
import io.nuner.engine.testing.Scoring;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferenceEngineTest {
    private static final EngineLimits LIMITS = new EngineLimits(16, 30, 512, 4);

    private final RandomRows random = new RandomRows(5, 100);

    @Test
    void answersTheSampleRowsWithinTheLimits() throws EngineException {
        List<TokenRow> samples = List.of(
                random.row(2, 5), // fits
                random.row(5, 5), // too many labels
                random.row(2, 40), // too long
                random.row(4, 20)); // just fits
        CpuProvider provider = new CpuProvider(true, Scoring.fromContent());

        GoldenBatch golden = ReferenceEngine.among(List.of(new FakeEngineProvider(), provider))
                .answer(graphs(samples, 2), LIMITS);

        assertThat(golden.reference()).isEqualTo("fake 1");
        assertThat(golden.rows()).containsExactly(samples.get(0), samples.get(3));
        assertThat(golden.answers().get(1).at(3, 1, 2))
                .isEqualTo(Scoring.fromContent().score(samples.get(3), 3, 1, 2));
    }

    @Test
    void theReferenceIsOpenedForOneRowAtATimeAndClosedAgain() throws EngineException {
        CpuProvider provider = new CpuProvider(true, Scoring.fromContent());
        List<TokenRow> rows = Stream.generate(() -> random.row(2, 7)).limit(5).toList();

        ReferenceEngine.among(List.of(provider)).answer(graphs(rows, 1), LIMITS);

        assertThat(provider.opened.limits().maxRows()).isEqualTo(1);
        assertThat(provider.opened.batches()).hasSize(5).allMatch(batch -> batch.rowCount() == 1);
        assertThat(provider.opened.isClosed()).isTrue();
        assertThat(provider.opened.openLanes()).isZero();
    }

    @Test
    void withoutAReferenceNothingCanBeCompared() {
        assertThatThrownBy(() -> ReferenceEngine.among(List.of(new FakeEngineProvider())))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no engine onnx to compare with");
        assertThatThrownBy(() -> ReferenceEngine.among(List.of(new CpuProvider(false, Scoring.fromContent()))))
                .isInstanceOf(EngineException.class)
                .hasMessage("there is no engine onnx to compare with: out of order");
    }

    @Test
    void aModelWithoutSampleRowsCannotBeCompared() throws EngineException {
        ReferenceEngine reference = reference(Scoring.fromContent());

        assertThatThrownBy(() -> reference.answer(graphs(List.of(random.row(1, 100)), 1), LIMITS))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no sample row within EngineLimits[maxRows=16");
    }

    @Test
    void aReferenceThatAnswersNaNIsNone() throws EngineException {
        ReferenceEngine reference = reference(Scoring.constant(Float.NaN));

        assertThatThrownBy(() -> reference.answer(graphs(List.of(random.row(2, 5)), 1), LIMITS))
                .isInstanceOf(EngineException.class);
    }

    static ReferenceEngine reference(Scoring scoring) throws EngineException {
        return ReferenceEngine.among(List.of(new CpuProvider(true, scoring)));
    }

    static ModelGraphs graphs(List<TokenRow> samples, int maxWidth) {
        return new ModelGraphs(
                FakeGraphs.graph("encoder"), FakeGraphs.graph("head"), maxWidth, 100, 512, "", () -> samples);
    }

    /** A fake under the name of the CPU engine. */
    private static final class CpuProvider implements EngineProvider {
        private final boolean usable;
        private final Scoring scoring;
        private FakeEngine opened = new FakeEngine(LIMITS, 1);

        CpuProvider(boolean usable, Scoring scoring) {
            this.usable = usable;
            this.scoring = scoring;
        }

        @Override
        public String name() {
            return "onnx";
        }

        @Override
        public int preference() {
            return 10;
        }

        @Override
        public Availability availability() {
            return new Availability(usable, usable ? "fine" : "out of order");
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) {
            opened = new FakeEngine(settings.limits(), settings.lanes(), graphs.maxWidth());
            opened.score(scoring);
            return opened;
        }
    }
}
