package io.nuner.server.batching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant has waiting, and how much service it was given. Batcher thread only.
 *
 * <p>Calls go by deadline, the nearest first, equal ones in order of arrival. Texts that {@link Patience yield} come after them, since
 * nobody waits for any single one of many; once their patience ends they go by deadline among the calls. Rows of
 * {@link Admission.Document documents} come after all texts, in the order in which they became ready, so that a book does not delay
 * a tweet; but a row that has waited for {@link #ROW_PATIENCE_NANOS} goes first, so that a book is read even if tweets never end:
 * one such row at a time, since where many books are read all rows have waited so long.
 */
final class TenantQueue {
    /** How long a document's row lets single texts go first. */
    static final long ROW_PATIENCE_NANOS = 10_000_000_000L;

    /** Service is counted in parts of a token, so that dividing by a weight loses little. */
    private static final int SERVICE_SHIFT = 16;

    private volatile int weight;
    private final Line calls = new Line();
    private final Line patient = new Line();
    private final Line rows = new Line();
    private long served;
    private long servedIfTaken;

    TenantQueue(int weight) {
        this.weight = weight;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        return calls.size() + patient.size() + rows.size();
    }

    private Line line(PendingRequest request) {
        if (request.isRow()) {
            return rows;
        }
        return request.yields() ? patient : calls;
    }

    /** Tokens served, over the weight: the tenant with the least is next. */
    long served() {
        return served;
    }

    /** The same with all that was offered since {@link #beginOffer}. */
    long servedIfTaken() {
        return servedIfTaken;
    }

    /** Raises the service to that of the others: a tenant that comes back gets nothing for the time it was away. */
    void catchUp(long systemServed) {
        served = Math.max(served, systemServed);
    }

    int weight() {
        return weight;
    }

    /** Changes what its tokens count from now on. Any thread. */
    void reweigh(int newWeight) {
        weight = newWeight;
    }

    /** How many texts would go before the given one if it were added now; rows that have waited long are left out. */
    int placeOf(PendingRequest request) {
        if (request.isRow()) {
            return size();
        }
        int before = line(request).countBefore(request);
        return request.yields() ? calls.size() + before : before;
    }

    /** When the first of its calls, of its patient texts or of its rows became ready, or the given time if that is earlier. */
    long oldestReadyNanos(long laterNanos) {
        return rows.oldestReadyNanos(patient.oldestReadyNanos(calls.oldestReadyNanos(laterNanos)));
    }

    /** Puts a text in its place. */
    void add(PendingRequest request) {
        line(request).add(request);
    }

    /** From now on {@link #offer} begins at the front. */
    void beginOffer() {
        calls.offered = 0;
        patient.offered = 0;
        rows.offered = 0;
        servedIfTaken = served;
    }

    /** The next text that is still wanted, or null; answers and marks those that are not. */
    @Nullable
    PendingRequest offer(Pace pace, long nowNanos) {
        PendingRequest next = null;
        if (rows.offered == 0 && rows.hasWaited(nowNanos)) {
            next = rows.offer(pace, nowNanos);
        }
        next = next == null ? calls.offer(pace, nowNanos) : next;
        next = next == null ? patient.offer(pace, nowNanos) : next;
        next = next == null ? rows.offer(pace, nowNanos) : next;
        if (next != null) {
            servedIfTaken += cost(next);
        }
        return next;
    }

    private long cost(PendingRequest request) {
        return service(request.tokens(), weight);
    }

    /** The service that tokens are for a tenant of that weight. */
    static long service(int tokens, int weight) {
        return ((long) tokens << SERVICE_SHIFT) / weight;
    }

    /** Drops what was marked among the texts offered; how many these were. */
    int endOffer() {
        return calls.endOffer() + patient.endOffer() + rows.endOffer();
    }

    /** Counts the service of a text that was taken. */
    void charge(PendingRequest taken) {
        served += cost(taken);
    }

    /** Answers and drops what is past its deadline. Patience ends before a deadline does. */
    void expire(long nowNanos) {
        endPatience(nowNanos);
        calls.expireFirst(nowNanos);
        rows.expireAll(nowNanos);
    }

    private void endPatience(long nowNanos) {
        while (!patient.isEmpty() && nowNanos - patient.first().orderNanos() >= 0) {
            PendingRequest first = patient.removeFirst();
            first.endPatience();
            calls.add(first);
        }
    }

    /** Drops the texts that are answered already; returns their number. */
    int sweep() {
        return calls.sweep() + patient.sweep() + rows.sweep();
    }

    /** Takes one text out, wherever it is; false if it is not there. */
    boolean remove(PendingRequest request) {
        return line(request).remove(request);
    }

    /** Answers and drops everything. */
    void rejectAll(Rejection reason) {
        FirstFailure failure = new FirstFailure();
        failure.run(() -> calls.rejectAll(reason));
        failure.run(() -> patient.rejectAll(reason));
        failure.run(() -> rows.rejectAll(reason));
        failure.rethrow();
    }

    /**
     * Requests sorted by {@link PendingRequest#orderNanos}. Batcher thread only.
     *
     * <p>A sorted array: most requests come last so far and go to the end; taking looks at the front only.
     */
    private static final class Line {
        private static final int INITIAL_CAPACITY = 16;

        private @Nullable PendingRequest[] items = new PendingRequest[INITIAL_CAPACITY];
        private int head;
        private int tail;
        private int offered;

        boolean isEmpty() {
            return head == tail;
        }

        int size() {
            return tail - head;
        }

        PendingRequest first() {
            return at(head);
        }

        PendingRequest removeFirst() {
            PendingRequest first = at(head);
            items[head++] = null;
            reset();
            return first;
        }

        long oldestReadyNanos(long laterNanos) {
            return isEmpty() || laterNanos - first().readyNanos() < 0 ? laterNanos : first().readyNanos();
        }

        /** True if the next one to offer has waited so long that it goes before others. */
        boolean hasWaited(long nowNanos) {
            return head + offered < tail && nowNanos - at(head + offered).readyNanos() >= ROW_PATIENCE_NANOS;
        }

        void add(PendingRequest request) {
            makeRoom();
            int place = placeOf(request);
            if (place - head < tail - place && head > 0) {
                System.arraycopy(items, head, items, head - 1, place - head);
                head--;
                place--;
            } else {
                System.arraycopy(items, place, items, place + 1, tail - place);
                tail++;
            }
            items[place] = request;
        }

        int countBefore(PendingRequest request) {
            return placeOf(request) - head;
        }

        /** The first place behind all that are not later. */
        private int placeOf(PendingRequest request) {
            int low = head;
            int high = tail;
            while (low < high) {
                int middle = (low + high) >>> 1;
                // by difference: nano clocks wrap around
                if (at(middle).orderNanos() - request.orderNanos() <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private void makeRoom() {
            if (tail < items.length) {
                return;
            }
            if (head > items.length / 2) {
                System.arraycopy(items, head, items, 0, tail - head);
                Arrays.fill(items, tail - head, tail, null);
                tail -= head;
                head = 0;
            } else {
                items = Arrays.copyOf(items, 2 * items.length);
            }
        }

        private PendingRequest at(int place) {
            PendingRequest request = items[place];
            if (request == null) {
                throw new IllegalStateException("no request at " + place);
            }
            return request;
        }

        @Nullable
        PendingRequest offer(Pace pace, long nowNanos) {
            while (head + offered < tail) {
                PendingRequest next = at(head + offered);
                offered++;
                if (next.keepOrExpire(nowNanos) && pace.keepOrDeny(next, nowNanos)) {
                    return next;
                }
                next.setRemoved(true);
            }
            return null;
        }

        int endOffer() {
            int kept = head + offered;
            for (int place = head + offered - 1; place >= head; place--) {
                PendingRequest request = at(place);
                if (!request.isRemoved()) {
                    items[--kept] = request;
                }
            }
            Arrays.fill(items, head, kept, null);
            int removed = kept - head;
            head = kept;
            offered = 0;
            reset();
            return removed;
        }

        /** Where the order is that of the deadlines. */
        void expireFirst(long nowNanos) {
            while (head < tail && !at(head).keepOrExpire(nowNanos)) {
                items[head++] = null;
            }
            reset();
        }

        void expireAll(long nowNanos) {
            for (int place = head; place < tail; place++) {
                at(place).keepOrExpire(nowNanos);
            }
            sweep();
        }

        int sweep() {
            int kept = head;
            for (int place = head; place < tail; place++) {
                PendingRequest request = at(place);
                if (request.reply().isOpen()) {
                    items[kept++] = request;
                }
            }
            Arrays.fill(items, kept, tail, null);
            int removed = tail - kept;
            tail = kept;
            reset();
            return removed;
        }

        boolean remove(PendingRequest request) {
            for (int place = head; place < tail; place++) {
                if (items[place] == request) {
                    System.arraycopy(items, place + 1, items, place, tail - place - 1);
                    items[--tail] = null;
                    reset();
                    return true;
                }
            }
            return false;
        }

        void rejectAll(Rejection reason) {
            FirstFailure failure = new FirstFailure();
            for (int place = head; place < tail; place++) {
                PendingRequest request = at(place);
                failure.run(() -> request.reply().reject(reason));
            }
            Arrays.fill(items, head, tail, null);
            tail = head;
            reset();
            failure.rethrow();
        }

        private void reset() {
            if (head == tail) {
                head = 0;
                tail = 0;
            }
        }
    }
}
