package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Requests.Asked;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant's queue against a plain list: calls by deadline, then texts that yield by theirs, then rows of documents as they came. */
class TenantQueuePropertyTest {
    private static final int STEPS = 3000;
    private static final Pace PACE = new Pace(BatchPolicy.of(
            new EngineLimits(4, 100, 400, 10), new CostModel(new CostTerms(0, 0, 0, 0, 0), EngineCells.ANY), 1));

    private static final Comparator<PendingRequest> ORDER = Comparator.comparing(PendingRequest::isRow)
            .thenComparing(PendingRequest::yields)
            .thenComparingLong(request -> request.isRow() ? 0 : request.deadlineNanos() / (request.yields() ? 4 : 1));

    private final Requests requests = new Requests();
    private final TenantQueue queue = new TenantQueue(1);
    private final Document document = requests.document(requests.tenants.unnamed(), Urgency.INTERACTIVE);
    private final List<PendingRequest> model = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.range(1, 30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void behavesLikeASortedList(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(8)) {
                case 0 -> takeSome(random);
                case 1 -> cancelOne(random);
                case 2 -> removeOne(random);
                default -> add(random);
            }
            assertThat(queue.size()).as("seed %s, step %s", seed, step).isGreaterThanOrEqualTo(open().size());
        }
        queue.sweep();
        assertThat(queue.size()).as("seed %s", seed).isEqualTo(open().size());
        assertThat(offerAll()).as("seed %s", seed).isEqualTo(open());
    }

    private void add(Random random) {
        long deadline = 1_000_000L + random.nextInt(random.nextBoolean() ? 50 : 100_000);
        int tokens = 1 + random.nextInt(50);
        Asked one = switch (random.nextInt(4)) {
            case 0 -> requests.row(tokens, deadline, document);
            case 1 -> requests.yielding(tokens, deadline);
            default -> requests.request(tokens, deadline);
        };
        int before = (int) model.stream()
                .filter(other -> ORDER.compare(other, one.pending) <= 0)
                .count();
        if (model.stream().allMatch(other -> other.reply().isOpen())) {
            assertThat(queue.placeOf(one.pending)).isEqualTo(before);
        }
        queue.add(one.pending);
        model.add(one.pending);
        model.sort(ORDER); // stable: ties stay in order of arrival
    }

    private void takeSome(Random random) {
        queue.beginOffer();
        int looked = random.nextInt(10);
        for (int i = 0; i < looked; i++) {
            PendingRequest offered = queue.offer(PACE, 0);
            if (offered != null && random.nextBoolean()) {
                offered.setRemoved(true);
                model.remove(offered);
            }
        }
        queue.endOffer();
    }

    private void cancelOne(Random random) {
        if (!model.isEmpty()) {
            model.get(random.nextInt(model.size())).reply().reject(Rejection.CANCELLED);
        }
    }

    private void removeOne(Random random) {
        List<PendingRequest> open = open();
        if (!open.isEmpty()) {
            PendingRequest victim = open.get(random.nextInt(open.size()));
            assertThat(queue.remove(victim)).isTrue();
            assertThat(queue.remove(victim)).isFalse();
            model.remove(victim);
        }
    }

    private List<PendingRequest> open() {
        return model.stream().filter(request -> request.reply().isOpen()).toList();
    }

    private List<PendingRequest> offerAll() {
        List<PendingRequest> offered = new ArrayList<>();
        queue.beginOffer();
        for (PendingRequest next = queue.offer(PACE, 0); next != null; next = queue.offer(PACE, 0)) {
            offered.add(next);
        }
        queue.endOffer();
        return offered;
    }
}
