package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What became of the calls of a {@link FaultLoad}, and the judgement of it. Any thread. */
final class FaultAccount {
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long seed;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Map<Outcome, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    FaultAccount(long seed) {
        this.seed = seed;
    }

    void sent(int calls) {
        sent.addAndGet(calls);
    }

    void answered(Kind kind, boolean right) {
        count(new Outcome(kind, Status.Code.OK));
        if (!right) {
            wrong.incrementAndGet();
        }
    }

    void refused(Kind kind, Status.Code code) {
        count(new Outcome(kind, code));
    }

    private void count(Outcome outcome) {
        outcomes.computeIfAbsent(outcome, any -> new AtomicInteger()).incrementAndGet();
    }

    /** Calls that ended so. */
    int count(Status.Code code) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().code == code)
                .mapToInt(entry -> entry.getValue().get())
                .sum();
    }

    /**
     * Fails unless every call was answered, with an allowed code and the right entities, and the server has let go of
     * everything.
     *
     * @param sound codes that a sound text may get; {@code DEADLINE_EXCEEDED} besides, if it was in a hurry
     * @param poisoned the same of a poisoned text
     */
    void verify(FaultSubject subject, Set<Status.Code> sound, Set<Status.Code> poisoned) {
        Map<String, Integer> notAllowed = outcomes.entrySet().stream()
                .filter(entry -> !isAllowed(entry.getKey(), entry.getKey().kind.poisoned ? poisoned : sound))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toString(),
                        entry -> entry.getValue().get()));

        assertThat(notAllowed).as("outcomes that must not be, seed %s", seed).isEmpty();
        assertThat(wrong).as("wrong answers, seed %s", seed).hasValue(0);
        assertThat(outcomes.values().stream().mapToInt(AtomicInteger::get).sum())
                .as("calls answered")
                .isEqualTo(sent.get());
        awaitSettled(subject);
        assertThat(subject.requestsInFlight()).as("permits held").isZero();
        assertThat(subject.tokensInFlight()).as("tokens held").isZero();
    }

    private static boolean isAllowed(Outcome outcome, Set<Status.Code> codes) {
        boolean late = outcome.kind.hurried && outcome.code == Status.Code.DEADLINE_EXCEEDED;
        return late || codes.contains(outcome.code);
    }

    /** The server hears of calls that their callers gave up beside other calls. */
    private static void awaitSettled(FaultSubject subject) {
        long start = System.nanoTime();
        do {
            subject.roundTrip();
        } while (subject.requestsInFlight() > 0 && System.nanoTime() - start < SETTLING_NANOS);
    }

    @Override
    public String toString() {
        Map<String, Integer> sorted = new TreeMap<>();
        outcomes.forEach((outcome, count) -> sorted.merge(outcome.code.name(), count.get(), Integer::sum));
        return sorted.toString();
    }

    /**
     * What was asked.
     *
     * @param poisoned whether the engine may stumble over the text
     * @param hurried whether the deadline was near
     */
    record Kind(boolean poisoned, boolean hurried) {}

    private record Outcome(Kind kind, Status.Code code) {}
}
