package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.nuner.client.FakeStreamService.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However streams end, every text has exactly one outcome, in order if asked for. */
class TextOutcomesPropertyTest {
    private static final int CASES = 150;

    /** Texts that a stream reads before its end without answering them: fewer than are under way, or it would not end. */
    private static final int MOST_UNANSWERED = 10;

    private static final String[] KINDS = {"text", "text", "text", "text", "bad", "lost", "x".repeat(1_000)};

    static LongStream seeds() {
        long first = System.nanoTime();
        return LongStream.range(first, first + CASES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTextHasExactlyOneOutcome(long seed) throws ExtractionException {
        Random random = new Random(seed);
        FakeStreamService service = new FakeStreamService(seed);
        for (int end = random.nextInt(6); end > 0; end--) {
            service.follow(plan(random));
        }
        boolean ordered = random.nextBoolean();
        StreamSettings settings = StreamSettings.DEFAULTS
                .withOrdered(ordered)
                .withMaxUnderWay(4 * MOST_UNANSWERED + random.nextInt(40))
                .withPatience(Duration.ofSeconds(30));
        List<String> texts = texts(random);

        List<TextOutcome> outcomes = outcomes(service, texts.iterator(), settings);

        assertThat(outcomes).as("seed %d", seed).hasSameSizeAs(texts);
        boolean[] seen = new boolean[texts.size()];
        for (TextOutcome outcome : outcomes) {
            int index = (int) outcome.index();
            assertThat(seen[index]).as("seed %d, text %d twice", seed, index).isFalse();
            seen[index] = true;
            assertThat(outcome.text()).as("seed %d", seed).isEqualTo(texts.get(index));
            assertThat(outcome.outcome() instanceof Outcome.Extracted)
                    .as("seed %d, text %d", seed, index)
                    .isEqualTo(outcome.text().startsWith("text"));
        }
        if (ordered) {
            assertThat(outcomes)
                    .as("seed %d", seed)
                    .extracting(TextOutcome::index)
                    .isSorted();
        }
    }

    private static Plan plan(Random random) {
        int reads = random.nextInt(40);
        return switch (random.nextInt(3)) {
            case 0 -> Plan.drainingAfter(reads);
            case 1 -> Plan.lostAfter(reads, Math.max(0, reads - random.nextInt(MOST_UNANSWERED)));
            default -> new Plan(reads, reads, FakeStreamService.failure(Status.Code.DEADLINE_EXCEEDED, "STREAM_IDLE"));
        };
    }

    private static List<String> texts(Random random) {
        List<String> texts = new ArrayList<>();
        for (int text = random.nextInt(150); text > 0; text--) {
            texts.add(KINDS[random.nextInt(KINDS.length)] + " " + text);
        }
        return texts;
    }

    private static List<TextOutcome> outcomes(
            FakeStreamService service, Iterator<String> texts, StreamSettings settings) throws ExtractionException {
        List<TextOutcome> outcomes = new ArrayList<>();
        try (InProcess process = new InProcess(service, Duration.ofSeconds(10));
                var stream =
                        process.client().extractAll(texts, Labels.of("person"), ExtractionOptions.DEFAULTS, settings)) {
            while (stream.hasNext()) {
                outcomes.add(stream.next());
            }
        }
        return outcomes;
    }
}
