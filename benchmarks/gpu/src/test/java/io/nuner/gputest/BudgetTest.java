package io.nuner.gputest;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.gputest.options.Stage;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final AtomicLong nanos = new AtomicLong(-5);

    @Test
    void aStageGetsWhatItWishesWhileThereIsEnough() {
        Budget budget = new Budget(480, nanos::get);

        Budget.Share share = budget.share(Stage.WEIGHTS, 120, List.of(Stage.BUILD));

        assertThat(share).isEqualTo(new Budget.Share(120, ""));
    }

    @Test
    void theLeastOfLaterStagesIsKeptForThem() {
        Budget budget = new Budget(100, nanos::get);
        List<Stage> later = List.of(Stage.THROUGHPUT, Stage.SERVER);

        Budget.Share share = budget.share(Stage.BUILD, 240, later);

        assertThat(share.seconds()).isEqualTo(100 - Stage.THROUGHPUT.leastSeconds() - Stage.SERVER.leastSeconds());
        assertThat(share.remark()).isEqualTo("budget: shortened from 240 s to 40 s");
    }

    @Test
    void aStageGetsItsLeastEvenIfLaterOnesThenCannotRun() {
        Budget budget = new Budget(50, nanos::get);

        Budget.Share share = budget.share(Stage.BUILD, 240, List.of(Stage.THROUGHPUT, Stage.SERVER));

        assertThat(share.seconds()).isEqualTo(Stage.BUILD.leastSeconds());
    }

    @Test
    void aStageWithoutEnoughTimeIsNotBegun() {
        Budget budget = new Budget(480, nanos::get);
        nanos.addAndGet(470_000_000_000L);

        Budget.Share share = budget.share(Stage.SERVER, 60, List.of());

        assertThat(share.isEnough()).isFalse();
        assertThat(share.remark()).isEqualTo("budget: 10 s left, needs at least 30 s");
        assertThat(budget.leftSeconds()).isEqualTo(10);
    }
}
