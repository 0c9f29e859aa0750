package io.nuner.load;

import io.grpc.Status;
import io.nuner.load.StepReport.CallCounts;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What became of the calls of one tenant, kind and priority, each counted once. One thread at a time. */
final class Account {
    /** Whose calls an account counts. */
    record Key(String tenant, NextCall.Kind kind, boolean bulk) {
        /** By tenant, then kind, then priority. */
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::tenant).thenComparing(Key::kind).thenComparing(Key::bulk);
    }

    private final Map<Status.Code, Long> statuses = new EnumMap<>(Status.Code.class);
    private final Times answered = new Times();
    private final Times refused = new Times();
    private long sent;
    private long hung;
    private long good;

    void sent() {
        sent++;
    }

    void hung() {
        hung++;
    }

    void finished(CallInFlight.Outcome outcome) {
        statuses.merge(outcome.code(), 1L, Long::sum);
        good += outcome.isGood() ? 1 : 0;
        boolean valid = outcome.asked().kind() == NextCall.Kind.VALID;
        if (valid && outcome.code() == Status.Code.OK) {
            answered.add(outcome.latencyNanos());
        }
        if (valid && outcome.isRefused()) {
            refused.add(outcome.latencyNanos());
        }
    }

    /** Takes over what another account counted. */
    void addAll(Account other) {
        other.statuses.forEach((code, count) -> statuses.merge(code, count, Long::sum));
        answered.addAll(other.answered);
        refused.addAll(other.refused);
        sent += other.sent;
        hung += other.hung;
        good += other.good;
    }

    CallCounts counts() {
        Map<String, Long> byName = new TreeMap<>();
        statuses.forEach((code, count) -> byName.put(code.name(), count));
        long finished = statuses.values().stream().mapToLong(Long::longValue).sum();
        return new CallCounts(sent, finished, hung, good, byName);
    }

    Times answered() {
        return answered;
    }

    Times refused() {
        return refused;
    }
}
