package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.testing.FakeEngine;
import io.nuner.model.testing.RandomTexts;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Offsets cut the entity out of the caller's own string, in every unit, and tell where a long text was cut. */
class OffsetsPropertyTest {
    private static final long SEED = 20_261_130;
    private static final List<OffsetUnit> UNITS = List.of(
            OffsetUnit.OFFSET_UNIT_CODE_POINT, OffsetUnit.OFFSET_UNIT_UTF8_BYTE, OffsetUnit.OFFSET_UNIT_UTF16_UNIT);

    private int entities;
    private int cut;

    @Test
    void offsetsCutOutTheEntity() throws Exception {
        check(60);
        assertThat(entities).isGreaterThan(3_000);
        assertThat(cut).isGreaterThan(20);
    }

    @Test
    @Tag("long")
    void offsetsCutOutTheEntityOfManyTexts() throws Exception {
        check(20_000);
        System.out.println("row 14: 20000 texts x 3 units, " + entities + " entities, " + cut
                + " answers of cut texts, 0 mismatches, seed " + SEED);
    }

    private void check(int texts) throws Exception {
        RandomTexts source = new RandomTexts(SEED);
        Random random = new Random(SEED);
        try (RunningServer running =
                RunningServer.start(RunningServer.CONFIG, new FakeEngine(RunningServer.LIMITS, 1, 3))) {
            for (int i = 0; i < texts; i++) {
                String text = source.next(i % 4 == 0 ? 2_000 : 60);
                MergePolicy policy = MergePolicy.forNumber(random.nextInt(4));
                for (OffsetUnit unit : UNITS) {
                    ExtractRequest request = request(text, policy, unit);
                    check(running.stub().extract(request), request);
                }
            }
        }
    }

    private static ExtractRequest request(String text, MergePolicy policy, OffsetUnit unit) {
        return RunningServer.request(text, "person", "place").toBuilder()
                .setOptions(ExtractOptions.newBuilder()
                        .setMergePolicy(policy)
                        .setOffsetUnit(unit)
                        .setMultiLabel(true)
                        .setFlatNer(false)
                        .setLongText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE))
                .build();
    }

    private void check(ExtractResponse answer, ExtractRequest request) {
        String text = request.getText();
        CallerText own = CallerText.of(request);
        assertThat(own.slices(answer.getEntitiesList()))
                .as("seed %d, %s", SEED, request.getOptions().getOffsetUnit())
                .isEqualTo(
                        answer.getEntitiesList().stream().map(Entity::getText).toList());
        entities += answer.getEntitiesCount();
        Words words = WordSplitter.split(text);
        int searched = answer.getUsage().getWords();
        int end = searched == 0 ? 0 : words.end(searched - 1);
        assertThat(own.slice(0, answer.getUsage().getSearchedEnd())).isEqualTo(text.substring(0, end));
        assertThat(answer.getUsage().getTruncated()).isEqualTo(searched < words.count());
        cut += searched < words.count() ? 1 : 0;
    }
}
