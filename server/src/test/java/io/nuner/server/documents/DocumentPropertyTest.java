package io.nuner.server.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.server.CallerText;
import io.nuner.server.RandomRequests;
import io.nuner.server.RunningServer;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.texts.LongTexts;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever text is read as a document in small windows: offsets cut each entity out of the caller's own string, in every unit,
 * and the parts together are the answer of a single call.
 */
class DocumentPropertyTest {
    private static final long SEED = 20_261_130;
    private static final int MAX_PIECES = 400;

    private final RandomRequests requests = new RandomRequests(SEED);
    private final Random random = new Random(SEED);
    private long entities;
    private long windows;
    private long messages;

    @Test
    void documentsAreAnsweredAsSingleCalls() throws Exception {
        check(3, 20);
        assertThat(entities).isGreaterThan(3_000);
        assertThat(windows).isGreaterThan(500);
        assertThat(messages).as("more than there are documents").isGreaterThan(250);
    }

    @Test
    @Tag("long")
    void manyDocumentsAreAnsweredAsSingleCalls() throws Exception {
        check(50, 200);
        System.out.println("ExtractDocument: 10000 texts x 3 units in windows of 50 sizes, " + windows + " windows, "
                + messages + " messages, " + entities
                + " entities, 0 slices that differ, 0 answers other than those of Extract, seed " + SEED);
    }

    private void check(int sizes, int texts) throws Exception {
        for (int size = 0; size < sizes; size++) {
            int rowTokens = 24 + random.nextInt(100);
            LongTexts overlap = new LongTexts(
                    LongTexts.DEFAULT.policy(),
                    1 + random.nextInt(4),
                    random.nextInt(rowTokens / 3),
                    LongTexts.DEFAULT.longestDocument(),
                    LongTexts.DEFAULT.mostUnits());
            ServerConfig config =
                    RunningServer.CONFIG.toBuilder().longTexts(overlap).build();
            FakeEngine engine = new FakeEngine(new EngineLimits(16, rowTokens, 4096, 100), 1, 3);
            try (RunningServer running = RunningServer.start(config, engine)) {
                for (int i = 0; i < texts; i++) {
                    requests.inEveryUnit(MAX_PIECES).forEach(request -> check(running, request));
                    engine.forgetBatches();
                }
            }
        }
    }

    private void check(RunningServer running, ExtractRequest request) {
        Document document = new Document();
        running.stub()
                .extractDocument(
                        ExtractDocumentRequest.newBuilder().setRequest(request).build())
                .forEachRemaining(document::add);
        ExtractResponse alone = running.stub().extract(request);
        CallerText text = CallerText.of(request);

        assertThat(document.isComplete()).isTrue();
        assertThat(text.slices(document.entities()))
                .as("seed %d", SEED)
                .isEqualTo(document.entities().stream().map(Entity::getText).toList());
        assertThat(document.entities()).as("seed %d", SEED).isEqualTo(alone.getEntitiesList());
        assertThat(document.usage()).isEqualTo(alone.getUsage());
        assertThat(document.safeUntil()).isEqualTo(text.length());
        entities += document.entities().size();
        windows += document.usage().getWindows();
        messages += document.messages();
    }
}
