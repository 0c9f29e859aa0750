package io.nuner.load;

import io.grpc.Status;
import io.nuner.load.StepReport.CallCounts;
import io.nuner.load.StepReport.Millis;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The books of one step: every call is entered when sent and crossed out once, finished or hung. Any thread. */
final class StepRecorder {
    private final Step step;
    private final long startNanos;
    private final Map<Account.Key, Account> accounts = new TreeMap<>(Account.Key.ORDER);
    private final Times latencies = new Times();
    private final Times lag = new Times();
    private final BatchTally batches = new BatchTally();
    private final Timeline timeline;
    private long lastGoodNanos;
    private long pushbacks;
    private long retryInfos;
    private long inFlight;

    /** Books of a step that begins at a time of {@link System#nanoTime}. */
    StepRecorder(Step step, long startNanos) {
        this.step = step;
        this.startNanos = startNanos;
        this.lastGoodNanos = startNanos;
        this.timeline = new Timeline(startNanos);
    }

    /** A call was sent, {@code lagNanos} after its intended time. */
    synchronized void sent(String tenant, NextCall asked, long nowNanos, long lagNanos) {
        account(tenant, asked).sent();
        lag.add(lagNanos);
        timeline.sent(nowNanos);
        inFlight++;
    }

    /** A call that was sent has ended. */
    synchronized void finished(String tenant, CallInFlight.Outcome outcome, long nowNanos) {
        account(tenant, outcome.asked()).finished(outcome);
        timeline.finished(outcome, nowNanos);
        inFlight--;
        pushbacks += outcome.pushback() ? 1 : 0;
        retryInfos += outcome.retryInfo() ? 1 : 0;
        if (outcome.isGood() && nowNanos - lastGoodNanos > 0) {
            lastGoodNanos = nowNanos;
        }
        if (outcome.code() == Status.Code.OK && outcome.asked().kind() == NextCall.Kind.VALID) {
            latencies.add(outcome.latencyNanos());
        }
        ExtractResponse response = outcome.response();
        if (response != null) {
            batches.add(response.getTimings());
        }
    }

    /** The wait for a call that was sent has been given up. */
    synchronized void hung(String tenant, NextCall asked) {
        account(tenant, asked).hung();
        inFlight--;
    }

    /** Calls sent and not yet crossed out. */
    synchronized long inFlight() {
        return inFlight;
    }

    /** The last whole second, and the latencies so far. */
    synchronized Progress status(long nowNanos) {
        timeline.advance(nowNanos);
        return new Progress(timeline.last(), inFlight, latencies.p99Millis(), latencies.medianNanos(0));
    }

    /**
     * The figures of the step.
     *
     * @param sendingNanos time in which calls were sent, so without the drain
     * @param maxRows what the server puts into a batch at most; 0 if unknown
     */
    synchronized StepReport report(long sendingNanos, int maxRows, double generatorCpuSeconds) {
        Account total = total();
        double seconds = Math.max(sendingNanos, lastGoodNanos - startNanos) / 1e9;
        CallCounts counts = total.counts();
        Millis answered = total.answered().summary();
        Millis refused = total.refused().summary();
        return new StepReport(
                step.label(),
                StepReport.isVoid(step, lag.summary(), answered, refused),
                StepReport.Load.of(step),
                StepReport.Rates.of(counts, sendingNanos / 1e9, seconds),
                counts,
                answered,
                refused,
                lag.summary(),
                StepReport.Retries.of(pushbacks, retryInfos),
                batches.summary(maxRows),
                accounts(),
                tenants(),
                timeline.seconds(),
                generatorCpuSeconds);
    }

    private Account total() {
        Account total = new Account();
        accounts.values().forEach(total::addAll);
        return total;
    }

    private List<StepReport.Part> accounts() {
        List<StepReport.Part> parts = new ArrayList<>();
        accounts.forEach((key, account) -> parts.add(
                StepReport.Part.of(key.tenant(), key.kind().name(), key.bulk() ? "BULK" : "INTERACTIVE", account)));
        return parts;
    }

    private List<StepReport.Part> tenants() {
        Map<String, Account> byTenant = new LinkedHashMap<>();
        accounts.forEach((key, account) ->
                byTenant.computeIfAbsent(key.tenant(), name -> new Account()).addAll(account));
        List<StepReport.Part> parts = new ArrayList<>();
        byTenant.forEach((name, account) -> parts.add(StepReport.Part.of(name, "ALL", "ALL", account)));
        return parts;
    }

    private Account account(String tenant, NextCall asked) {
        return accounts.computeIfAbsent(new Account.Key(tenant, asked.kind(), asked.bulk()), key -> new Account());
    }

    /** How a step goes: its last whole second, calls in flight, and the latency so far. Immutable. */
    record Progress(StepReport.Second second, long inFlight, double p99Millis, long medianNanos) {}
}
