package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batch mates never change each other's answer: with every case in flight at once, in an order drawn anew for each
 * round, answers are those of the same call made alone.
 */
class BatchCompositionTest {
    private static final long SEED = 20_261_122;
    private static final float SCORE_TOLERANCE = 1e-5f;

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @EnumSource
    void fiftyRoundsGiveTheAnswersOfCallsMadeAlone(Fixtures fixture) throws Exception {
        compare(fixture, 50);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void aThousandRoundsGiveTheAnswersOfCallsMadeAlone(Fixtures fixture) throws Exception {
        compare(fixture, 1000);
    }

    @Test
    void documentsAndShortTextsTogetherGiveTheAnswersOfCallsMadeAlone() throws Exception {
        Fixtures fixture = Fixtures.BERT_W1;
        try (ServedFixture served = ServedFixture.serve(fixture, WeightsFormat.SAFETENSORS, scratch)) {
            List<Question> questions = Question.all(fixture);
            List<ExtractRequest> documents = questions.stream()
                    .map(question -> question.request().toBuilder()
                            .setText((question.request().getText() + " . ").repeat(600))
                            .setOptions(question.request().getOptions().toBuilder()
                                    .setLongText(LongTextPolicy.LONG_TEXT_POLICY_WINDOW))
                            .build())
                    .filter(request -> request.getText().length() > 4_000)
                    .limit(3)
                    .toList();
            List<ExtractResponse> alone = new ArrayList<>();
            for (ExtractRequest document : documents) {
                alone.add(served.futures().extract(document).get());
            }
            assertThat(alone).hasSize(3).allMatch(answer -> answer.getUsage().getWindows() > 3);
            List<Future<ExtractResponse>> together = new ArrayList<>();
            for (ExtractRequest document : documents) {
                together.add(served.futures().extract(document));
            }
            compare(served, questions, questions.size(), 5);
            for (int i = 0; i < documents.size(); i++) {
                assertThat(isSame(together.get(i).get(), alone.get(i)))
                        .as("document %d", i)
                        .isTrue();
            }
        }
    }

    /** The size of NuNER Zero, random weights: nothing of its layout is special to a small model. */
    @Test
    @Tag("long")
    void aLargeModelGivesTheAnswersOfCallsMadeAlone() throws Exception {
        Path checkpoint = scratch.resolve("large");
        RandomCheckpoint.write(RandomCheckpoint.Shape.LARGE, SEED, checkpoint);
        List<Question> questions = Question.all(Fixtures.REAL_VOCAB).stream()
                .filter(question -> question.text().inputIds().size() < 64)
                .toList();
        try (ServedFixture served = ServedFixture.serve(checkpoint, scratch.resolve("exported"))) {
            long batched = compare(served, questions, 24, 4);
            assertThat(batched).as("calls that shared a batch").isPositive();
        }
    }

    private void compare(Fixtures fixture, int rounds) throws Exception {
        try (ServedFixture served = ServedFixture.serve(fixture, WeightsFormat.SAFETENSORS, scratch)) {
            long batched =
                    compare(served, Question.all(fixture), fixture.cases().size(), rounds);
            assertThat(batched).as("calls that shared a batch").isGreaterThan(rounds * 2L);
        }
    }

    private static long compare(ServedFixture served, List<Question> questions, int inFlight, int rounds)
            throws Exception {
        Random random = new Random(SEED);
        List<Asked> alone = new ArrayList<>();
        for (Question question : questions) {
            alone.add(new Asked(
                    question, served.futures().extract(question.request()).get()));
        }
        long batched = 0;
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(alone, random);
            batched += askTogether(served, alone.subList(0, inFlight), round);
        }
        return batched;
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
            boolean sameSpan = one.toBuilder()
                    .setScore(0)
                    .build()
                    .equals(other.toBuilder().setScore(0).build());
            if (!sameSpan || Math.abs(one.getScore() - other.getScore()) > SCORE_TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    private record Asked(Question question, ExtractResponse answer) {}
}
