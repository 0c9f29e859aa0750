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
import org.junit.jupiter.api.Test;

/** Texts of a client that has many under way let calls of its tenant go first, for a part of their time. */
class PatientTextsTest {
    private static final EngineLimits LIMITS = new EngineLimits(8, 512, 4096, 10);
    /** A processor: 1 ms, and 10 us a token. */
    private static final CostModel LINEAR = new CostModel(new CostTerms(1_000_000, 0, 0, 10_000, 0), EngineCells.ANY);
    /** Every batch takes 20 ms. */
    private static final CostModel FLAT = new CostModel(new CostTerms(20e6, 0, 0, 0, 0), EngineCells.ANY);

    private static final long SECOND = 1_000_000_000L;

    private final Requests requests = new Requests();
    private final TenantQueue queue = new TenantQueue(1);

    @Test
    void theyComeAfterCallsWhateverTheDeadlinesAndBeforeRowsOfDocuments() {
        PendingRequest row = added(requests.row(500, FAR / 4, requests.document(tenant(), Urgency.INTERACTIVE)));
        PendingRequest second = added(requests.yielding(200, 10 * SECOND));
        PendingRequest first = added(requests.yielding(200, 8 * SECOND));
        PendingRequest late = added(requests.request(30, FAR));
        PendingRequest early = added(requests.request(30, 20 * SECOND));

        assertThat(offered(0)).containsExactly(early, late, first, second, row);
    }

    @Test
    void afterAQuarterOfItsTimeOneGoesByItsDeadlineAmongCalls() {
        PendingRequest nearer = added(requests.request(30, 7 * SECOND));
        PendingRequest farther = added(requests.request(30, 20 * SECOND));
        PendingRequest text = added(requests.yielding(200, 8 * SECOND));

        queue.expire(2 * SECOND - 1);
        assertThat(offered(2 * SECOND - 1)).containsExactly(nearer, farther, text);
        queue.expire(2 * SECOND);
        assertThat(offered(2 * SECOND)).containsExactly(nearer, text, farther);
        assertThat(queue.remove(text)).isTrue();
    }

    @Test
    void onePastItsDeadlineIsAnsweredAlthoughCallsStandBeforeIt() {
        Requests.Asked call = requests.request(30, FAR);
        Requests.Asked text = requests.yielding(200, 8 * SECOND);
        Requests.Asked fresh = requests.yielding(200, 80 * SECOND);
        added(call);
        added(fresh);
        added(text);

        queue.expire(8 * SECOND);

        assertThat(text.answers).containsExactly("EXPIRED");
        assertThat(call.answers).isEmpty();
        assertThat(fresh.answers).isEmpty();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void whatWaitedLongestIsFoundInEachLine() {
        requests.readyAt(50);
        added(requests.request(30, FAR));
        requests.readyAt(20);
        added(requests.yielding(200, FAR));

        assertThat(queue.oldestReadyNanos(100)).isEqualTo(20);
        assertThat(queue.oldestReadyNanos(10)).isEqualTo(10);
    }

    @Test
    void theyAreSaidWhyTheyDoNotRun() {
        Requests.Asked text = requests.yielding(200, FAR);
        added(text);

        queue.rejectAll(Rejection.SHUTTING_DOWN);

        assertThat(text.answers).containsExactly("SHUTTING_DOWN");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void theyJoinACallOnlyWhereThatCostsItNoTime() {
        List<Requests.Asked> some =
                List.of(requests.request(30, FAR), requests.yielding(200, FAR), requests.yielding(200, FAR));

        assertThat(chosen(LINEAR, some)).containsExactly(30);
        assertThat(chosen(FLAT, some)).containsExactlyInAnyOrder(30, 200, 200);
    }

    @Test
    void theyGoTogetherWhenNobodyElseIsThere() {
        assertThat(chosen(LINEAR, List.of(requests.yielding(200, FAR), requests.yielding(200, FAR))))
                .containsExactly(200, 200);
    }

    @Test
    void bulkTextsAreNoReasonToHoldThemBack() {
        Requests.Asked bulk = requests.request(30, FAR, tenant(), Urgency.BULK);

        assertThat(chosen(LINEAR, List.of(requests.yielding(200, FAR), requests.yielding(200, FAR), bulk)))
                .contains(200, 200);
    }

    private Tenant tenant() {
        return requests.tenants.unnamed();
    }

    private PendingRequest added(Requests.Asked one) {
        queue.add(one.pending);
        return one.pending;
    }

    private List<PendingRequest> offered(long nowNanos) {
        Pace pace = new Pace(BatchPolicy.of(LIMITS, FLAT, 1));
        List<PendingRequest> offered = new ArrayList<>();
        queue.beginOffer();
        for (PendingRequest next = queue.offer(pace, nowNanos); next != null; next = queue.offer(pace, nowNanos)) {
            offered.add(next);
        }
        queue.endOffer();
        return offered;
    }

    private static List<Integer> chosen(CostModel costs, List<Requests.Asked> offered) {
        Window window = new Window(64, 64);
        offered.forEach(one -> window.add(one.pending));
        BatchPolicy policy = BatchPolicy.of(LIMITS, costs, 1);
        BatchFormer former = new BatchFormer(policy, new Pace(policy), window);
        former.choose(0);
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < window.size(); i++) {
            if (former.isChosen(i)) {
                chosen.add(window.get(i).tokens());
            }
        }
        return chosen;
    }
}
