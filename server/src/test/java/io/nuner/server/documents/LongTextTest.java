package io.nuner.server.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.Scoring;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.testing.RandomTexts;
import io.nuner.server.CallerText;
import io.nuner.server.RunningServer;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.LongTexts;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.LabelOption;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that the model cannot read at once are searched in windows, and nobody sees where these end. */
class LongTextTest {
    private static final long SEED = 20_261_130;
    private static final int WINDOWS = 20;
    private static final ExtractRequest BOOK =
            RunningServer.request("Ada met Bob in Rome. ".repeat(60 * WINDOWS), "person", "city");

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void windowsGiveWhatTheWholeTextGives(int maxWidth) throws Exception {
        RandomTexts texts = new RandomTexts(SEED + maxWidth);
        Random random = new Random(SEED);
        WordScores scores = new WordScores(maxWidth);
        int windows = 0;
        int entities = 0;
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .answers(AnswerLimits.DEFAULT.of(100_000, 3 << 20))
                .build();
        try (RunningServer running = start(config, maxWidth)) {
            running.engine.score(scores);
            for (int i = 0; i < 40; i++) {
                ExtractRequest request = random(texts.next(i % 8 == 0 ? 20_000 : 3_000), random);
                ExtractResponse answer = running.stub().extract(request);
                Document document = document(running, request);
                assertThat(answer.getEntitiesList())
                        .as("seed " + SEED)
                        .isEqualTo(expected(request, scores.entities(request)));
                assertThat(document.entities()).isEqualTo(answer.getEntitiesList());
                assertThat(document.usage()).isEqualTo(answer.getUsage());
                assertThat(document.safeUntil())
                        .isEqualTo(CallerText.of(request).length());
                windows += answer.getUsage().getWindows();
                entities += answer.getEntitiesCount();
            }
        }
        assertThat(windows).isGreaterThan(200);
        assertThat(entities).isGreaterThan(2_000);
    }

    private static ExtractRequest random(String text, Random random) {
        return RunningServer.request(text, "person", "place").toBuilder()
                .setOptions(ExtractOptions.newBuilder()
                        .setMergePolicy(MergePolicy.forNumber(1 + random.nextInt(3)))
                        .setOffsetUnit(OffsetUnit.forNumber(1 + random.nextInt(3)))
                        .setMultiLabel(random.nextBoolean())
                        .setFlatNer(random.nextBoolean()))
                .build();
    }

    private static List<Entity> expected(ExtractRequest request, List<EntitySpan> spans) {
        String text = request.getText();
        int[] units = units(request);
        return spans.stream()
                .map(span -> Entity.newBuilder()
                        .setStart(units[span.start()])
                        .setEnd(units[span.end()])
                        .setText(text.substring(span.start(), span.end()))
                        .setLabel(request.getLabels(span.label()))
                        .setLabelIndex(span.label())
                        .setScore(span.score())
                        .build())
                .toList();
    }

    /** The caller's offset of each place in a text. */
    private static int[] units(ExtractRequest request) {
        String text = request.getText();
        int[] units = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            units[i + 1] = units[i] + size(text.charAt(i), request.getOptions().getOffsetUnit());
        }
        return units;
    }

    private static int size(char character, OffsetUnit unit) {
        boolean ofPair = Character.isSurrogate(character); // halves of a pair take two bytes each
        return switch (unit) {
            case OFFSET_UNIT_UTF8_BYTE ->
                ofPair ? 2 : Character.toString(character).getBytes(UTF_8).length;
            case OFFSET_UNIT_UTF16_UNIT -> 1;
            default -> Character.isLowSurrogate(character) ? 0 : 1;
        };
    }

    private static Document document(RunningServer running, ExtractRequest request) {
        Document document = new Document();
        running.stub()
                .extractDocument(
                        ExtractDocumentRequest.newBuilder().setRequest(request).build())
                .forEachRemaining(document::add);
        assertThat(document.isComplete()).isTrue();
        return document;
    }

    @Test
    void aTextOfOneWindowIsOneRowAsEver() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            ExtractRequest request = RunningServer.request("Ada ".repeat(384), "person", "city");

            ExtractResponse answer = running.stub().extract(request);
            Document document = document(running, request);

            assertThat(answer.getUsage().getWindows()).isEqualTo(1);
            assertThat(document.entities()).isEqualTo(answer.getEntitiesList());
            assertThat(document.messages()).isEqualTo(1);
            assertThat(running.engine.batches())
                    .allSatisfy(batch -> assertThat(batch.rowCount()).isEqualTo(1));
            assertThat(running.engine.batches().get(0).tokenCount())
                    .isEqualTo(running.engine.batches().get(1).tokenCount());
        }
    }

    @Test
    void usageAndTimingsAreThoseOfAllRows() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            ExtractResponse answer = running.stub().extract(BOOK);

            Usage usage = answer.getUsage();
            int rows = running.engine.rows();
            assertThat(usage.getWindows()).isEqualTo(rows).isGreaterThan(WINDOWS);
            assertThat(usage.getWords()).isEqualTo(6 * 60 * WINDOWS);
            assertThat(usage.getPromptTokens()).isEqualTo(6 * rows);
            assertThat(usage.getTextTokens() - rows).isGreaterThan(usage.getWords() + 64 * (rows - 1) - 1);
            assertThat(usage.getSearchedEnd()).isEqualTo(BOOK.getText().length() - 1);
            assertThat(usage.getLabelGroups()).isEqualTo(1);
            assertThat(usage.getTruncated()).isFalse();
            assertThat(answer.getTimings().getBatchRows()).isBetween(1, 4);
            assertThat(answer.getTimings().getInferenceNanos()).isPositive();
        }
    }

    @Test
    void namesOfLabelOptionsAreGivenAndTheirThresholdsHold() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.score((row, start, width, label) -> label == 0 ? 0.5f : 1);
            ExtractRequest.Builder request = ExtractRequest.newBuilder()
                    .addLabelOptions(LabelOption.newBuilder().setName("someone").setPrompt("person"))
                    .addLabelOptions(
                            LabelOption.newBuilder().setName("somewhere").setThreshold(0.8f));

            for (String text : List.of("Ada", "Ada ".repeat(1000))) {
                ExtractResponse answer =
                        running.stub().extract(request.setText(text).build());
                assertThat(answer.getEntitiesList()).isNotEmpty().allSatisfy(entity -> {
                    assertThat(entity.getLabel()).isEqualTo("someone");
                    assertThat(entity.getLabelIndex()).isZero();
                });
            }
        }
    }

    @Test
    void aliasesShareANameAndTheBetterOneCounts() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            running.engine.score((row, start, width, label) -> 1 + label);
            ExtractRequest request = ExtractRequest.newBuilder()
                    .setText("Ada")
                    .addLabelOptions(LabelOption.newBuilder().setName("person").setPrompt("woman"))
                    .addLabelOptions(LabelOption.newBuilder().setName("person").setPrompt("man"))
                    .setOptions(ExtractOptions.newBuilder().setMultiLabel(true))
                    .build();

            List<Entity> entities = running.stub().extract(request).getEntitiesList();

            assertThat(entities).hasSize(1);
            assertThat(entities.get(0).getLabel()).isEqualTo("person");
            assertThat(entities.get(0).getLabelIndex()).isEqualTo(1);
        }
    }

    @Test
    void labelsThatLeaveTooLittleRoomAreRefusedOrAskedForInGroups() throws Exception {
        ServerConfig config = RunningServer.CONFIG;
        FakeEngine narrow = new FakeEngine(new EngineLimits(16, 64, 4096, 100), 1);
        try (RunningServer running = RunningServer.start(config, narrow)) {
            running.engine.score(Scoring.constant(1));
            ExtractRequest request = RunningServer.request("Ada ".repeat(100)).toBuilder()
                    .addAllLabels(IntStream.range(0, 60).mapToObj(i -> "l" + i).toList())
                    .build();
            ExtractOptions split = ExtractOptions.newBuilder()
                    .setLabelOverflow(LabelOverflow.LABEL_OVERFLOW_SPLIT)
                    .setMultiLabel(true)
                    .build();

            StatusRuntimeException refusal = refusal(running, request);
            ExtractResponse answer =
                    running.stub().extract(request.toBuilder().setOptions(split).build());

            assertThat(refusal.getStatus().getDescription())
                    .startsWith("labels must have at most 48 tokens together")
                    .contains("but have 122");
            assertThat(answer.getUsage().getLabelGroups()).isEqualTo(3);
            assertThat(answer.getUsage().getWindows()).isEqualTo(running.engine.rows());
            assertThat(answer.getEntitiesCount()).isEqualTo(100 * 60);
            assertThat(running.server.requestsInFlight()).isZero();
        }
    }

    private static StatusRuntimeException refusal(RunningServer running, ExtractRequest request) {
        return catchThrowableOfType(
                StatusRuntimeException.class, () -> running.stub().extract(request));
    }

    @Test
    void theOperatorMayHaveLongTextsRefused() throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .longTexts(LongTexts.DEFAULT.withPolicy(LongTextPolicy.LONG_TEXT_POLICY_REJECT))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            ExtractOptions window = ExtractOptions.newBuilder()
                    .setLongText(LongTextPolicy.LONG_TEXT_POLICY_WINDOW)
                    .build();

            assertThat(refusal(running, BOOK)).hasMessageContaining("text must have at most 384 words");
            assertThat(running.stub()
                            .extract(BOOK.toBuilder().setOptions(window).build())
                            .getUsage()
                            .getWindows())
                    .isGreaterThan(WINDOWS);
            assertThat(document(running, BOOK).usage().getWindows()).isGreaterThan(WINDOWS);
        }
    }

    @Test
    void longTextsOfABatchAreItemsLikeOthers() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            ExtractRequest shortText = RunningServer.request("Ada met Bob in Rome.", "person", "city");

            var items = running.stub()
                    .extractBatch(ExtractBatchRequest.newBuilder()
                            .addRequests(BOOK)
                            .addRequests(shortText)
                            .addRequests(BOOK)
                            .build())
                    .getItemsList();

            assertThat(items.get(0).getResponse().getUsage().getWindows()).isGreaterThan(WINDOWS);
            assertThat(items.get(1).getResponse().getUsage().getWindows()).isEqualTo(1);
            assertThat(items.get(2).getResponse().getEntitiesList())
                    .isEqualTo(items.get(0).getResponse().getEntitiesList());
        }
    }

    @Test
    void theServerTellsHowItTreatsLongTexts() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            var info = running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());

            assertThat(info.getDefaultLongTextPolicy()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_WINDOW);
            assertThat(info.getWindows().getMaxWords()).isEqualTo(384);
            assertThat(info.getWindows().getOverlapWords()).isEqualTo(64);
            assertThat(info.getWindows().getMaxInFlight()).isEqualTo(4);
            assertThat(info.getCallTimes().getLongestDocumentDeadline().getSeconds())
                    .isEqualTo(Duration.ofMinutes(15).toSeconds());
        }
    }

    private static RunningServer start(ServerConfig config, int maxWidth) throws Exception {
        return RunningServer.start(config, new FakeEngine(RunningServer.LIMITS, 1, maxWidth));
    }
}
