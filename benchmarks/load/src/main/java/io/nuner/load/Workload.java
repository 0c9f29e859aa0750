package io.nuner.load;

import io.nuner.load.Traffic.Tenant;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.Priority;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Decides what the next call is: a sequence that texts, labels, traffic and seed alone determine. One thread at a time. */
public final class Workload {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORT_RANGE_NANOS = TimeUnit.MILLISECONDS.toNanos(19);
    private static final Malformation[] MALFORMATIONS = Malformation.values();

    /** A text longer than the model reads must not turn a valid call into a refused one. */
    private static final ExtractOptions OPTIONS = ExtractOptions.newBuilder()
            .setLongText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
            .build();

    private final TextPool texts;
    private final LabelSets labels;
    private final Traffic traffic;
    private final Shares tenants;
    private final SplittableRandom random;

    public Workload(TextPool texts, LabelSets labels, Traffic traffic, long seed) {
        this.texts = texts;
        this.labels = labels;
        this.traffic = traffic;
        this.tenants = new Shares(traffic.tenants().stream().map(Tenant::weight).toList());
        this.random = new SplittableRandom(seed);
    }

    Traffic traffic() {
        return traffic;
    }

    int texts() {
        return texts.size();
    }

    LabelSets labels() {
        return labels;
    }

    /** Name of the tenant of a call; empty if it names none. */
    String tenant(NextCall asked) {
        return traffic.tenants().get(asked.tenant()).name();
    }

    /** The next call. Draws the same count of numbers each time, so that one share does not change the other choices. */
    NextCall next() {
        NextCall.Kind kind = traffic.kindAt(random.nextDouble());
        int text = texts.at(random.nextDouble(), random.nextDouble());
        int set = random.nextInt(labels.size());
        int tenant = tenants.at(random.nextDouble());
        boolean bulk = random.nextDouble() < traffic.bulk();
        double point = random.nextDouble();
        return new NextCall(kind, text, set, tenant, bulk, deadlineNanos(kind, point), point);
    }

    /** The request of a call, as bytes. */
    byte[] message(NextCall asked) {
        ExtractRequest request = ExtractRequest.newBuilder()
                .setText(texts.text(asked.text()))
                .addAllLabels(labels.set(asked.labels()))
                .setOptions(OPTIONS)
                .setPriority(asked.bulk() ? Priority.PRIORITY_BULK : Priority.PRIORITY_INTERACTIVE)
                .build();
        if (asked.kind() != NextCall.Kind.MALFORMED) {
            return request.toByteArray();
        }
        return MALFORMATIONS[(int) (asked.point() * MALFORMATIONS.length)].of(request);
    }

    private long deadlineNanos(NextCall.Kind kind, double point) {
        return kind == NextCall.Kind.SHORT_DEADLINE
                ? SHORTEST_NANOS + (long) (point * SHORT_RANGE_NANOS)
                : traffic.deadline().toNanos();
    }
}
