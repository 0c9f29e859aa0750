package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.Limits;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import io.nuner.v1.WordSplitting;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtractionClientTest {
    private static final Labels LABELS = Labels.of("person", "city");

    private final FakeNerService service = new FakeNerService();
    private final HealthStatusManager health = new HealthStatusManager();
    private Server server;
    private ExtractionClient client;

    @BeforeEach
    void connect() throws IOException {
        health.setStatus("nuner.v1.NerService", ServingStatus.SERVING);
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .addService(service)
                .addService(health.getHealthService())
                .build()
                .start();
        client = ExtractionClient.over(InProcessChannelBuilder.forName(name), Duration.ofSeconds(10));
    }

    @AfterEach
    void disconnect() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void entitiesComeBackWithTheirLabelAndScore() throws ExtractionException {
        Extraction extraction = client.extract("Ada", LABELS);

        assertThat(extraction.entities()).containsExactly(new Entity(0, 3, "Ada", "person", 0.75f));
        assertThat(extraction.usage().getWords()).isEqualTo(1);
    }

    @Test
    void optionsTravelToTheServer() throws ExtractionException {
        ExtractionOptions options = ExtractionOptions.builder()
                .threshold(0.25f)
                .multiLabel(true)
                .nested(true)
                .merge(MergePolicy.MERGE_POLICY_NONE)
                .offsetUnit(OffsetUnit.OFFSET_UNIT_UTF8_BYTE)
                .longText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                .labelOverflow(LabelOverflow.LABEL_OVERFLOW_SPLIT)
                .wordSplitting(WordSplitting.WORD_SPLITTING_UNICODE)
                .bulk(true)
                .build();

        client.extract("Ada", LABELS, options);

        assertThat(service.requests().get(0).getPriority()).isEqualTo(Priority.PRIORITY_BULK);

        var sent = service.requests().get(0).getOptions();
        assertThat(sent.getThreshold()).isEqualTo(0.25f);
        assertThat(sent.getMultiLabel()).isTrue();
        assertThat(sent.getFlatNer()).isFalse();
        assertThat(sent.getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_NONE);
        assertThat(sent.getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF8_BYTE);
        assertThat(sent.getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
        assertThat(sent.getLabelOverflow()).isEqualTo(LabelOverflow.LABEL_OVERFLOW_SPLIT);
        assertThat(sent.getWordSplitting()).isEqualTo(WordSplitting.WORD_SPLITTING_UNICODE);
    }

    @Test
    void labelsMayHavePromptsAndThresholds() throws ExtractionException {
        Labels labels = Labels.ofOptions(List.of(
                LabelOption.named("drug").withPrompt("name of a medicine").withThreshold(0.25f),
                LabelOption.named("person")));

        client.extract("Ada", labels);

        ExtractRequest sent = service.requests().get(0);
        assertThat(sent.getLabelsList()).isEmpty();
        assertThat(sent.getLabelOptionsList())
                .containsExactly(
                        io.nuner.v1.LabelOption.newBuilder()
                                .setName("drug")
                                .setPrompt("name of a medicine")
                                .setThreshold(0.25f)
                                .build(),
                        io.nuner.v1.LabelOption.newBuilder().setName("person").build());
    }

    @Test
    void anOldServerIsNotAskedForWhatItWouldIgnore() throws ExtractionException {
        service.beOld();
        Labels options = Labels.ofOptions(List.of(LabelOption.named("person")));
        ExtractionOptions splitting = ExtractionOptions.builder()
                .wordSplitting(WordSplitting.WORD_SPLITTING_UNICODE)
                .build();

        ExtractionException refusal =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("Ada", options));

        assertThat(refusal.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(refusal).hasMessageContaining("older than this client");
        assertThat(catchThrowableOfType(
                                ExtractionException.class, () -> client.extractAll(List.of("Ada"), LABELS, splitting))
                        .code())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(service.requests()).isEmpty();
        assertThat(client.extract("Ada", LABELS).entities()).hasSize(1);
    }

    @Test
    void aRefusalForADeadlineTellsHowLongItWouldHaveTaken() {
        service.failNextAsTooNear(345);

        ExtractionException refusal =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("Ada", LABELS));

        assertThat(refusal.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNMEETABLE);
        assertThat(refusal.metadata()).containsExactly(Map.entry("estimate_ms", "345"));
        assertThat(refusal.estimate()).contains(Duration.ofMillis(345));
        assertThat(refusal.retryAfter()).isEmpty();
    }

    @Test
    void offsetsFitJavaStringsByDefault() throws ExtractionException {
        client.extract("Ada", LABELS);

        var sent = service.requests().get(0).getOptions();
        assertThat(sent.getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF16_UNIT);
        assertThat(sent.getFlatNer()).isTrue();
    }

    @Test
    void aRefusalSaysItsCodeItsFieldAndItsReason() {
        ExtractionException refusal =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("bad", LABELS));

        assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.field()).contains("text");
        assertThat(refusal).hasMessage("text must not be bad");
    }

    @Test
    void aCallThatNoReplicaCouldTakeIsTriedAgain() throws ExtractionException {
        service.failNext(Status.UNAVAILABLE);
        service.failNext(Status.UNAVAILABLE);

        Extraction extraction = client.extract("Ada", LABELS);

        assertThat(extraction.entities()).hasSize(1);
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void aReplicaThatIsNotServingGetsNoCalls() {
        health.setStatus("nuner.v1.NerService", ServingStatus.NOT_SERVING);

        ExtractionException failure =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("Ada", LABELS));

        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void aRefusedCallIsNotTriedAgain() {
        service.failNext(Status.RESOURCE_EXHAUSTED.withDescription("too many requests"));

        ExtractionException refusal =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("Ada", LABELS));

        assertThat(refusal.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refusal.field()).isEmpty();
        assertThat(service.requests()).hasSize(1);
    }

    @Test
    void anOverloadedServerSaysWhenToComeBack() {
        service.sendAwayNext(com.google.protobuf.Duration.newBuilder()
                .setSeconds(2)
                .setNanos(70_000_000)
                .build());

        ExtractionException overload =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("Ada", LABELS));
        ExtractionException refusal =
                catchThrowableOfType(ExtractionException.class, () -> client.extract("bad", LABELS));

        assertThat(overload.retryAfter()).contains(Duration.ofMillis(2_070));
        assertThat(refusal.retryAfter()).isEmpty();
    }

    @Test
    void aBadTextAmongSeveralFailsAlone() throws ExtractionException {
        List<Outcome> outcomes =
                client.extractAll(List.of("Ada", "bad", "lost", "Bob"), LABELS, ExtractionOptions.DEFAULTS);

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).orThrow().entities().get(0).text()).isEqualTo("Ada");
        assertThat(catchThrowableOfType(ExtractionException.class, outcomes.get(1)::orThrow)
                        .field())
                .contains("text");
        assertThat(catchThrowableOfType(ExtractionException.class, outcomes.get(2)::orThrow)
                        .code())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(outcomes.get(3).orThrow().entities().get(0).text()).isEqualTo("Bob");
    }

    @Test
    void severalTextsAreSentInCallsTheServerAdmits() throws ExtractionException {
        List<Outcome> outcomes = client.extractAll(Collections.nCopies(5, "Ada"), LABELS, ExtractionOptions.DEFAULTS);

        assertThat(outcomes).hasSize(5);
        assertThat(service.batchSizes()).containsExactly(2, 2, 1);
    }

    @Test
    void aCallStaysBelowTheServersMessageSize() throws ExtractionException {
        service.limit(Limits.newBuilder()
                .setMaxTextsPerBatch(32)
                .setMaxMessageBytes(1000)
                .build());

        client.extractAll(Collections.nCopies(4, "x".repeat(400)), LABELS, ExtractionOptions.DEFAULTS);

        assertThat(service.batchSizes()).containsExactly(2, 2);
    }

    @Test
    void noTextsNeedNoCallThatExtracts() throws ExtractionException {
        assertThat(client.extractAll(List.of(), LABELS, ExtractionOptions.DEFAULTS))
                .isEmpty();
        assertThat(service.batchSizes()).isEmpty();
    }
}
