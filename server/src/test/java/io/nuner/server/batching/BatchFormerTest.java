package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.BatchFormer.Window;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchFormerTest {
    private static final EngineLimits LIMITS = new EngineLimits(8, 512, 2048, 10);
    /** 1 ms, 10 us a token, 0.1 us for each cell of the padded attention matrices. */
    private static final CostModel COSTS = new CostModel(new CostTerms(1_000_000, 0, 0, 10_000, 100), EngineCells.ANY);

    private final Requests requests = new Requests();
    private final BatchPolicy policy = BatchPolicy.of(LIMITS, COSTS, 1);
    private final Pace pace = new Pace(policy);
    private final Window window = new Window(64, 64);
    private final BatchFormer former = new BatchFormer(policy, pace, window);

    @Test
    void textsOfLikeLengthGoTogether() {
        int[] lengths = {30, 500, 31, 480, 29, 30, 510, 32};
        offer(lengths);

        former.choose(0);

        assertThat(chosenLengths()).containsExactlyInAnyOrder(30, 31, 29, 30, 32);
    }

    @Test
    void aShortTextGoesWithALongOneWhereTheEnginePadsNothing() {
        CostModel dense = new CostModel(new CostTerms(1_000_000, 0, 0, 10_000, 0), EngineCells.ANY);
        BatchFormer packed = new BatchFormer(BatchPolicy.of(LIMITS, dense, 1), pace(dense), window);
        offer(30, 200);

        packed.choose(0);

        assertThat(packed.rows()).isEqualTo(2);
    }

    @Test
    void aCellIsFilledWithTextsThatCostNoMoreInIt() {
        CostModel cells = new CostModel(
                new CostTerms(1_000_000, 0, 0, 0, 1000), EngineCells.copyOf(List.of(64, 512), List.of(4, 8)));
        BatchFormer padded = new BatchFormer(BatchPolicy.of(LIMITS, cells, 1), pace(cells), window);
        offer(64, 20, 30, 40, 500);

        padded.choose(0);

        assertThat(padded.rows())
                .as("four rows of up to 64 tokens are one cell")
                .isEqualTo(4);
        assertThat(padded.longest()).isEqualTo(64);
    }

    @Test
    void aTextThatWouldMissItsDeadlineAfterTheBestBatchMustBeInIt() {
        offer(30, 31, 29, 30, 32);
        long alone = COSTS.nanos(1, 400, 400);
        window.add(requests.request(400, alone + 100).pending);

        former.choose(0);

        assertThat(chosenLengths()).contains(400);
    }

    @Test
    void aBatchGrowsNoLargerThanTheTightestDeadlineInItAllows() {
        long three = COSTS.nanos(3, 30, 90);
        for (int i = 0; i < 8; i++) {
            window.add(requests.request(30, three + 1).pending);
        }

        long expected = former.choose(0);

        assertThat(former.rows()).isEqualTo(3);
        assertThat(expected).isEqualTo(three);
    }

    @Test
    void theMostEntitledTextIsPassedOverABoundedNumberOfTimes() {
        PendingRequest lonely = requests.request(400, FAR).pending;
        int passes = 0;
        boolean taken = false;
        while (!taken) {
            window.clear();
            window.add(lonely);
            offer(30, 30, 30, 30, 30, 30, 30, 30);
            former.choose(0);
            taken = former.isChosen(0);
            passes += taken ? 0 : 1;
        }

        assertThat(passes).isEqualTo(BatchFormer.MAX_PASSES);
    }

    static LongStream seeds() {
        return LongStream.range(1, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyChoiceFitsTheEngineAndTheDeadlinesOfItsMembers(long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(64);
        for (int i = 0; i < count; i++) {
            int tokens = 1 + random.nextInt(512);
            long slack = COSTS.nanos(1, tokens, tokens) + (long) (random.nextDouble() * 1e8);
            Urgency urgency = random.nextInt(4) == 0 ? Urgency.BULK : Urgency.INTERACTIVE;
            window.add(requests.request(tokens, slack, requests.tenants.unnamed(), urgency).pending);
        }

        long expected = former.choose(0);

        List<Integer> lengths = chosenLengths();
        int longest = lengths.stream().mapToInt(Integer::intValue).max().orElseThrow();
        int sum = lengths.stream().mapToInt(Integer::intValue).sum();
        assertThat(lengths).as("seed %s", seed).hasSize(former.rows()).hasSizeLessThanOrEqualTo(LIMITS.maxRows());
        assertThat(former.longest()).isEqualTo(longest);
        assertThat(former.sum()).isEqualTo(sum);
        assertThat(expected).as("seed %s", seed).isEqualTo(COSTS.nanos(lengths.size(), longest, sum));
        assertThat((long) longest * lengths.size())
                .as("seed %s", seed)
                .isLessThanOrEqualTo(Math.max(LIMITS.maxBatchTokens(), longest));
        for (int i = 0; i < window.size(); i++) {
            if (former.isChosen(i)) {
                assertThat(window.get(i).deadlineNanos()).as("seed %s", seed).isGreaterThanOrEqualTo(expected);
            }
        }
    }

    private Pace pace(CostModel costs) {
        return new Pace(BatchPolicy.of(LIMITS, costs, 1));
    }

    private void offer(int... lengths) {
        for (int length : lengths) {
            window.add(requests.request(length, FAR).pending);
        }
    }

    private List<Integer> chosenLengths() {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < window.size(); i++) {
            if (former.isChosen(i)) {
                lengths.add(window.get(i).tokens());
            }
        }
        return lengths;
    }
}
