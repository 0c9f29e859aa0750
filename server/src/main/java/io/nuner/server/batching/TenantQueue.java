package io.nuner.server.batching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one tenant that wait, nearest deadline first, equal deadlines in order of arrival; and how much service the
 * tenant was given. Batcher thread only.
 *
 * <p>A sorted array: most texts have the latest deadline so far and go to the end; taking looks at the front only.
 */
final class TenantQueue {
    private static final int INITIAL_CAPACITY = 16;
    /** Service is counted in parts of a token, so that dividing by a weight loses little. */
    private static final int SERVICE_SHIFT = 16;

    private volatile int weight;
    private @Nullable PendingRequest[] items = new PendingRequest[INITIAL_CAPACITY];
    private int head;
    private int tail;
    private int offered;
    private long served;
    private long servedIfTaken;

    TenantQueue(int weight) {
        this.weight = weight;
    }

    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
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

    /** How many texts would go before the given one if it were added now. */
    int placeOf(PendingRequest request) {
        return placeOf(request.deadlineNanos()) - head;
    }

    /** When the text with the nearest deadline became ready; call only if not empty. */
    long firstReadyNanos() {
        return at(head).readyNanos();
    }

    /** Puts a text in its place. */
    void add(PendingRequest request) {
        makeRoom();
        int place = placeOf(request.deadlineNanos());
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

    /** The first place behind all deadlines that are not later. */
    private int placeOf(long deadlineNanos) {
        int low = head;
        int high = tail;
        while (low < high) {
            int middle = (low + high) >>> 1;
            // by difference: nano clocks wrap around
            if (at(middle).deadlineNanos() - deadlineNanos <= 0) {
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

    /** From now on {@link #offer} begins at the front. */
    void beginOffer() {
        offered = 0;
        servedIfTaken = served;
    }

    /** The next text that is still wanted, or null; answers and marks those that are not. */
    @Nullable
    PendingRequest offer(Pace pace, long nowNanos) {
        while (head + offered < tail) {
            PendingRequest next = at(head + offered);
            offered++;
            if (next.keepOrExpire(nowNanos) && pace.keepOrDeny(next, nowNanos)) {
                servedIfTaken += cost(next);
                return next;
            }
            next.setRemoved(true);
        }
        return null;
    }

    private long cost(PendingRequest request) {
        return service(request.tokens(), weight);
    }

    /** The service that tokens are for a tenant of that weight. */
    static long service(int tokens, int weight) {
        return ((long) tokens << SERVICE_SHIFT) / weight;
    }

    /** Drops what was marked among the texts offered; counts the service of those that were taken. */
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

    void charge(PendingRequest taken) {
        served += cost(taken);
    }

    /** Answers and drops what is past its deadline. */
    void expire(long nowNanos) {
        while (head < tail && !at(head).keepOrExpire(nowNanos)) {
            items[head++] = null;
        }
        reset();
    }

    /** Drops the texts that are answered already; returns their number. */
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

    /** Takes one text out, wherever it is; false if it is not there. */
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

    /** Answers and drops everything. */
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
