package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batch mates never change each other's answer: with every case in flight at once, in an order drawn anew for each
 * round, answers are those of the same call made alone.
 */
class BatchCompositionTest {
    private static final int ROUNDS = 1000;
    private static final long SEED = 20_261_122;
    private static final float SCORE_TOLERANCE = 1e-5f;

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @EnumSource
    void aThousandRoundsGiveTheAnswersOfCallsMadeAlone(Fixtures fixture) throws Exception {
        Random random = new Random(SEED);
        List<Question> questions = Question.all(fixture);
        int inFlight = fixture.cases().size();
        long batched = 0;

        try (ServedFixture served = ServedFixture.serve(fixture, WeightsFormat.SAFETENSORS, scratch)) {
            List<Asked> alone = new ArrayList<>();
            for (Question question : questions) {
                alone.add(new Asked(
                        question, served.futures().extract(question.request()).get()));
            }
            for (int round = 0; round < ROUNDS; round++) {
                Collections.shuffle(alone, random);
                batched += askTogether(served, alone.subList(0, inFlight), round);
            }
        }

        assertThat(batched).as("calls that shared a batch").isGreaterThan(ROUNDS * 2L);
    }

    /** Returns how many calls ran in a batch of more than one row. */
    private static long askTogether(ServedFixture served, List<Asked> asked, int round) throws Exception {
        List<Future<ExtractResponse>> answers = new ArrayList<>();
        for (Asked each : asked) {
            answers.add(served.futures().extract(each.question().request()));
        }
        long batched = 0;
        for (int i = 0; i < asked.size(); i++) {
            ExtractResponse answer = answers.get(i).get();
            assertThat(isSame(answer, asked.get(i).answer()))
                    .as("round %d of seed %d: %s", round, SEED, asked.get(i).question())
                    .isTrue();
            batched += answer.getTimings().getBatchRows() > 1 ? 1 : 0;
        }
        return batched;
    }

    private static boolean isSame(ExtractResponse actual, ExtractResponse expected) {
        if (actual.getEntitiesCount() != expected.getEntitiesCount()) {
            return false;
        }
        for (int i = 0; i < actual.getEntitiesCount(); i++) {
            Entity one = actual.getEntities(i);
            Entity other = expected.getEntities(i);
            boolean sameSpan = one.toBuilder().setScore(0).build().equals(other.toBuilder().setScore(0).build());
            if (!sameSpan || Math.abs(one.getScore() - other.getScore()) > SCORE_TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    private record Asked(Question question, ExtractResponse answer) {}
}
