package io.nuner.model.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.model.Accuracy;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.RandomCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyGateTest {
    /** Nothing is close to the threshold. */
    private static final Scoring CLEAR =
            (row, start, width, label) -> Scoring.fromContent().score(row, start, width, label) > 3 ? 4 : -4;

    @TempDir
    private static Path directory;

    private final TwoEngines engines = new TwoEngines(CLEAR, CLEAR);

    @BeforeAll
    static void export() throws ModelException {
        Path checkpoint = directory.resolve("checkpoint");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, checkpoint);
        CheckpointExporter.export(checkpoint, directory.resolve("float32"), ProgressListener.none());
        QuantizedExport.export(checkpoint, directory.resolve("int8"), new GivenMagnitudes(), ProgressListener.none());
    }

    @Test
    void equalAnswersPass() throws ModelException {
        Accuracy accuracy = judge(List.of(), LossPolicy.REFUSE);

        assertThat(accuracy.lossAccepted()).isFalse();
        assertThat(accuracy.own()).isNull();
        assertThat(accuracy.bundled().texts()).isEqualTo(LabelledTexts.bundled().size());
        assertThat(accuracy.bundled().decided().exact()).isGreaterThan(AccuracyBounds.ENOUGH_ENTITIES);
        assertThat(accuracy.bundled().entities().agreement()).isEqualTo(1);
        assertThat(accuracy.bundled().scores().max()).isZero();
    }

    @Test
    void bothAnswerEachTextOnceAndAreClosed() throws ModelException {
        List<String> told = new ArrayList<>();

        gate(List.of(), LossPolicy.REFUSE).judge(exact(), rounded(), (done, total) -> told.add(done + "/" + total));

        int texts = LabelledTexts.bundled().size();
        assertThat(told).hasSize(texts).endsWith(texts + "/" + texts);
        assertThat(engines.opened()).hasSize(2).allMatch(engine -> engine.runs() == texts);
        assertThat(engines.opened()).allMatch(FakeEngine::isClosed).allMatch(engine -> engine.openLanes() == 0);
    }

    @Test
    void otherAnswersAreRefusedWithTheFigure() {
        engines.rounded((row, start, width, label) -> CLEAR.score(row, start, width, label) * 0.7f);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> judge(List.of(), LossPolicy.REFUSE))
                .withMessageStartingWith("int8 differs too much from float32: on the texts that ship with")
                .withMessageContaining(" in the mean, at most 0.0030 is allowed; use float32, or")
                .withMessageEndingWith(" --accept-loss")
                .matches(ModelException::isLoss);
        assertThat(engines.opened()).allMatch(FakeEngine::isClosed);
    }

    @Test
    void aLossThatIsAcceptedIsToldOf() throws ModelException {
        engines.rounded(Scoring.constant(-4));

        Accuracy accuracy = judge(List.of(), LossPolicy.ACCEPT);

        assertThat(accuracy.lossAccepted()).isTrue();
        assertThat(accuracy.bundled().decided().rounded()).isZero();
        assertThat(accuracy.bundled().decided().agreement()).isZero();
    }

    @Test
    void whatIsWithinTheBoundsNeedsNoAcceptance() throws ModelException {
        assertThat(judge(List.of(), LossPolicy.ACCEPT).lossAccepted()).isFalse();
    }

    @Test
    void scoresThatAreNoNumbersAreRefusedWhateverIsAccepted() {
        engines.rounded(Scoring.constant(Float.NaN));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> judge(List.of(), LossPolicy.ACCEPT))
                .withMessageContaining("the int8 export fails: the engine returned NaN")
                .matches(failure -> !failure.isLoss());
    }

    @Test
    void ownTextsAreComparedBesidesAndJudgedApart() throws ModelException {
        LabelledText own = new LabelledText("Ada met Tuan in Lisbon ".repeat(50), List.of("person"));
        engines.rounded(
                (row, start, width, label) -> row.wordCount() == 250 ? 1 : CLEAR.score(row, start, width, label));

        Accuracy accuracy = judge(List.of(own, own), LossPolicy.REFUSE);

        assertThat(accuracy.bundled().scores().max()).isZero();
        Accuracy.Sample ofUser = Objects.requireNonNull(accuracy.own());
        assertThat(ofUser.texts()).isEqualTo(2);
        assertThat(ofUser.scores().max()).isGreaterThan(0.5);
        assertThatExceptionOfType(ModelException.class) // now there are enough scores
                .isThrownBy(() -> judge(Collections.nCopies(8, own), LossPolicy.REFUSE))
                .withMessageContaining("on your own texts scores differ by 0.");
    }

    @Test
    void aTextThatIsLongerThanTheModelReadsIsCut() throws ModelException {
        LabelledText own = new LabelledText("word ".repeat(3000), List.of("person"));

        Accuracy accuracy = judge(List.of(own), LossPolicy.REFUSE);

        assertThat(Objects.requireNonNull(accuracy.own()).scores().count()).isEqualTo(384);
    }

    private Accuracy judge(List<LabelledText> own, LossPolicy policy) throws ModelException {
        return gate(own, policy).judge(exact(), rounded(), (done, total) -> {});
    }

    private AccuracyGate gate(List<LabelledText> own, LossPolicy policy) {
        return new AccuracyGate(engines, own, policy);
    }

    private static ExportedModel exact() throws ModelException {
        return ExportedModel.open(directory.resolve("float32"));
    }

    private static ExportedModel rounded() throws ModelException {
        return ExportedModel.open(directory.resolve("int8"));
    }
}
