package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.BatchFormer.Window;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A book does not delay a tweet, and is read all the same. */
class DocumentRowsTest {
    private static final EngineLimits LIMITS = new EngineLimits(8, 512, 4096, 10);
    /** A processor: 1 ms, and 10 us a token. */
    private static final CostModel LINEAR = new CostModel(new CostTerms(1_000_000, 0, 0, 10_000, 0), EngineCells.ANY);
    /** Every batch takes 20 ms. */
    private static final CostModel FLAT = new CostModel(new CostTerms(20e6, 0, 0, 0, 0), EngineCells.ANY);

    private final Requests requests = new Requests();
    private final Tenant tenant = requests.tenants.unnamed();
    private final Document book = requests.document(tenant, Urgency.INTERACTIVE);
    private final Window window = new Window(64, 64);

    @Test
    void rowsComeAfterAllTextsOfTheirTenant() {
        TenantQueue queue = new TenantQueue(1);
        PendingRequest row = requests.row(500, FAR / 4, book).pending;
        queue.add(row);
        PendingRequest late = requests.request(30, FAR).pending;
        queue.add(late);
        PendingRequest early = requests.request(30, FAR / 2).pending;
        queue.add(early);

        assertThat(offered(queue, 0)).containsExactly(early, late, row);
    }

    @Test
    void aRowThatHasWaitedLongComesFirst() {
        TenantQueue queue = new TenantQueue(1);
        PendingRequest row = requests.row(500, FAR, book).pending;
        queue.add(row);
        PendingRequest text = requests.request(30, FAR / 2).pending;
        queue.add(text);

        assertThat(offered(queue, TenantQueue.ROW_PATIENCE_NANOS - 1)).containsExactly(text, row);
        assertThat(offered(queue, TenantQueue.ROW_PATIENCE_NANOS)).containsExactly(row, text);
    }

    @Test
    void ofRowsThatHaveWaitedLongOneGoesBeforeSingleTexts() {
        TenantQueue queue = new TenantQueue(1);
        PendingRequest row = requests.row(500, FAR, book).pending;
        PendingRequest secondRow = requests.row(500, FAR, book).pending;
        PendingRequest text = requests.request(30, FAR / 2).pending;
        queue.add(row);
        queue.add(secondRow);
        queue.add(text);

        assertThat(offered(queue, TenantQueue.ROW_PATIENCE_NANOS)).containsExactly(row, text, secondRow);
    }

    @Test
    void aRowPastItsDeadlineIsAnsweredAlthoughTextsStandBeforeIt() {
        TenantQueue queue = new TenantQueue(1);
        queue.add(requests.request(30, FAR).pending);
        Requests.Asked fresh = requests.row(500, FAR, book);
        queue.add(fresh.pending);
        Requests.Asked row = requests.row(500, 1000, book);
        queue.add(row.pending);

        queue.expire(1000);

        assertThat(row.answers).containsExactly("EXPIRED");
        assertThat(fresh.answers).isEmpty();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void aRowDoesNotJoinTextsWhereItCostsThemTime() {
        offerTexts(30, 40, 35);
        offerRows(book, 400);

        assertThat(choose(LINEAR, 0)).containsExactlyInAnyOrder(30, 40, 35);
    }

    @Test
    void oneRowOfADocumentJoinsTextsWhereItCostsNothing() {
        offerTexts(30, 40, 35);
        offerRows(book, 400, 410, 420);

        assertThat(choose(FLAT, 0)).hasSize(4).contains(30, 40, 35);
    }

    @Test
    void rowsOfSeveralDocumentsJoinTextsWhereTheyCostNothing() {
        offerTexts(30);
        offerRows(book, 400, 410);
        offerRows(requests.document(tenant, Urgency.INTERACTIVE), 420, 430);

        List<Integer> lengths = choose(FLAT, 0);

        assertThat(lengths).hasSize(3).contains(30);
        assertThat(lengths).containsAnyOf(400, 410).containsAnyOf(420, 430);
    }

    @Test
    void rowsGoTogetherWhenNobodyElseIsThere() {
        offerRows(book, 400, 400, 400, 400);

        assertThat(choose(LINEAR, 0)).hasSize(4);
    }

    @Test
    void rowsGoAloneWhileTextsComeInOftenAndTheyWouldCostTime() {
        Pace pace = pace(LINEAR);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += 3_000_000;
            pace.arrived(requests.request(30, FAR).pending, now);
        }
        offerRows(book, 400, 400, 400, 400);

        assertThat(choose(LINEAR, pace, now)).hasSize(1);
    }

    @Test
    void bulkTextsAreNoReasonToHoldRowsBack() {
        offerRows(book, 400, 400);
        window.add(requests.request(30, FAR, tenant, Urgency.BULK).pending);

        assertThat(choose(LINEAR, 0)).contains(400, 400);
    }

    @Test
    void aRowThatWouldMissItsDeadlineMustBeIn() {
        offerTexts(30, 40, 35);
        window.add(requests.row(400, LINEAR.nanos(1, 400, 400) + 100, book).pending);

        assertThat(choose(LINEAR, 0)).contains(400);
    }

    static LongStream seeds() {
        return LongStream.range(1, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverWaitsNoDocumentHasTwoRowsBesideATextThatCouldGo(long seed) {
        Random random = new Random(seed);
        List<Document> books = LongStream.range(0, 1 + random.nextInt(4))
                .mapToObj(i -> requests.document(tenant, Urgency.INTERACTIVE))
                .toList();
        offerTexts(1 + random.nextInt(400));
        for (int i = random.nextInt(40); i > 0; i--) {
            int tokens = 1 + random.nextInt(400);
            if (random.nextBoolean()) {
                offerRows(books.get(random.nextInt(books.size())), tokens);
            } else {
                offerTexts(tokens);
            }
        }
        BatchFormer former =
                new BatchFormer(BatchPolicy.of(LIMITS, random.nextBoolean() ? FLAT : LINEAR, 1), pace(FLAT), window);

        former.choose(random.nextInt(1_000_000_000));

        assertThat(former.rows()).as("seed %s", seed).isPositive();
        for (Document one : books) {
            long rows =
                    chosen(former).stream().filter(row -> row.document() == one).count();
            assertThat(rows).as("seed %s", seed).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aTextDoesNotWaitForRowsOfItsTenant() {
        Gate gate = new Gate(100, 100_000, 1_000_000);
        Document document = gate.document();
        gate.backlog.publishPace(1000, 1);
        Permit row = document.enter(50_000, 0).orElseThrow();

        assertThat(gate.gate.enter(tenant, Urgency.INTERACTIVE, 0, 10_000_000)).isInstanceOf(Permit.class);
        assertThat(document.estimateNanos(10_000, 0)).isEqualTo(60_000_000);
        row.close();
        assertThat(document.estimateNanos(10_000, 0)).isEqualTo(10_000_000);
    }

    @Test
    void whoeverWaitsForRoomIsWokenOncePerPermitThatComesBack() {
        Gate gate = new Gate(2, 100, 1_000_000);
        Document document = gate.document();
        Permit first = document.enter(10, 0).orElseThrow();
        Permit second = document.enter(10, 0).orElseThrow();
        List<String> woken = new ArrayList<>();

        document.awaitRoom(() -> woken.add("a"));
        document.awaitRoom(() -> woken.add("b"));
        Optional<Permit> third = document.enter(10, 0);

        assertThat(third).isEmpty();
        assertThat(woken).as("a failed try wakes nobody").isEmpty();
        first.close();
        assertThat(woken).containsExactly("a");
        second.close();
        assertThat(woken).containsExactly("a", "b");
        assertThat(gate.gate.requestsInFlight()).isZero();
        assertThat(gate.gate.tokensInFlight()).isZero();
    }

    private static final class Gate {
        private final Backlog backlog = new Backlog();
        private final Tenants tenants = new Tenants(java.util.Map.of(), 100);
        private final AdmissionGate gate;

        private Gate(int maxRequests, long maxTokens, long maxDelayNanos) {
            gate = new AdmissionGate(new AdmissionGate.Limits(maxRequests, maxTokens, maxDelayNanos), tenants, backlog);
        }

        private Document document() {
            Permit permit = (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, FAR);
            Document document = permit.openDocument();
            permit.close();
            return document;
        }
    }

    private static List<PendingRequest> offered(TenantQueue queue, long nowNanos) {
        Pace pace = pace(FLAT);
        List<PendingRequest> offered = new ArrayList<>();
        queue.beginOffer();
        for (PendingRequest next = queue.offer(pace, nowNanos); next != null; next = queue.offer(pace, nowNanos)) {
            offered.add(next);
        }
        queue.endOffer();
        return offered;
    }

    private static Pace pace(CostModel costs) {
        return new Pace(BatchPolicy.of(LIMITS, costs, 1));
    }

    private void offerTexts(int... lengths) {
        for (int length : lengths) {
            window.add(requests.request(length, FAR).pending);
        }
    }

    private void offerRows(Document document, int... lengths) {
        for (int length : lengths) {
            window.add(requests.row(length, FAR, document).pending);
        }
    }

    private List<Integer> choose(CostModel costs, long nowNanos) {
        return choose(costs, pace(costs), nowNanos);
    }

    private List<Integer> choose(CostModel costs, Pace pace, long nowNanos) {
        BatchFormer former = new BatchFormer(BatchPolicy.of(LIMITS, costs, 1), pace, window);
        former.choose(nowNanos);
        return chosen(former).stream().map(PendingRequest::tokens).toList();
    }

    private List<PendingRequest> chosen(BatchFormer former) {
        List<PendingRequest> chosen = new ArrayList<>();
        for (int i = 0; i < window.size(); i++) {
            if (former.isChosen(i)) {
                chosen.add(window.get(i));
            }
        }
        return chosen;
    }
}
