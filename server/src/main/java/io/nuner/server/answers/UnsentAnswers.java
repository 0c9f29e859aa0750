package io.nuner.server.answers;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The budget of answers that are in memory and not yet sent. Any thread.
 *
 * <p>An answer is <em>held</em> while its call still waits for others, as the items of a batch do, and <em>unsent</em> from the
 * moment it is handed to gRPC until its last frame has been written to the socket. Both count. A connection over its share
 * gets no new work; answers to earlier work may still go beyond its share, up to the bound of its address. When the whole budget
 * is used up, the connection that has harmed others most is cut: the product of its bytes and the time since its last answer
 * left is the largest. If that is the connection which needs room, its answer is refused instead.
 *
 * <p>The bytes of a connection stop counting when it is cut, although its event loop frees them a moment later.
 */
public final class UnsentAnswers implements AutoCloseable {
    /** Bytes of an answer besides its message: headers, trailers and the stream. */
    static final int BESIDES = 1024;

    /** A connection is reading if one of its answers has left within this time. */
    private static final long READING_NANOS = 1_000_000_000L;

    private static final long SOONEST_NANOS = 10_000_000L;

    private final AnswerLimits limits;
    private final LongSupplier nanoClock;
    private final BooleanSupplier shortOfMemory;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<Account> owing = new HashSet<>();
    private final Map<InetAddress, Long> byPeer = new HashMap<>();
    private long all;
    private long cut;
    private @Nullable ScheduledFuture<?> nextCheck;

    /** An empty budget, with a thread that cuts connections which do not read. */
    public UnsentAnswers(AnswerLimits limits, LongSupplier nanoClock, ThreadFactory threads) {
        this(limits, nanoClock, threads, DirectMemory::isShort);
    }

    UnsentAnswers(AnswerLimits limits, LongSupplier nanoClock, ThreadFactory threads, BooleanSupplier shortOfMemory) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.shortOfMemory = shortOfMemory;
        timer = new ScheduledThreadPoolExecutor(1, threads, new ThreadPoolExecutor.DiscardPolicy());
    }

    /** The bounds. */
    public AnswerLimits limits() {
        return limits;
    }

    /** The account of a new connection. */
    public Account account(Line line) {
        return new Account(line);
    }

    /** Bytes that are held or unsent. */
    public synchronized long bytes() {
        return all;
    }

    /** Connections that were cut. */
    public synchronized long cuts() {
        return cut;
    }

    /** True if a connection may have new work: within its share or, while it reads, within half the bound of its address. */
    synchronized boolean mayAsk(Account account) {
        return account.unsent <= share(account)
                || (isReading(account, nanoClock.getAsLong()) && account.unsent <= limits.peerBytes() / 2);
    }

    /** A proxy's connection carries many callers, so it has as much as an address. */
    private long share(Account account) {
        return account.line.isShared() ? limits.peerBytes() : limits.connectionBytes();
    }

    /** Takes room for an answer that waits for other answers of its call; false if there is none. */
    synchronized boolean hold(Account account, long bytes) {
        return change(account, bytes, 0);
    }

    /**
     * Takes room for a message that is handed to gRPC; false if there is none.
     *
     * @param call the delivery of the message
     * @param held bytes that the message held so far; given back even if there is no room
     */
    synchronized boolean send(Account account, Delivery call, long held, long bytes) {
        if (change(account, -held, bytes + BESIDES)) {
            account.sending.put(call, nanoClock.getAsLong());
            watch();
            return true;
        }
        add(account, -held, 0);
        return false;
    }

    /**
     * Gives room back.
     *
     * @param bytes of the message, if it was handed over
     * @param read true if the message has left, false if it was dropped
     */
    synchronized void release(Account account, Delivery call, long held, long bytes, boolean read) {
        boolean handed = account.sending.remove(call) != null;
        add(account, -held, handed ? -bytes - BESIDES : 0);
        if (read) {
            account.readNanos = nanoClock.getAsLong();
        }
    }

    /**
     * Takes room for a message of a stream that is handed to gRPC; false if there is none. A stream has a patience of its own:
     * its messages do not get its connection cut as long as there is room for those of others.
     *
     * @param held bytes that it held so far; still held if there is no room
     */
    synchronized boolean queue(Account account, long held, long bytes) {
        return change(account, -held, bytes);
    }

    /**
     * Gives room of a stream back.
     *
     * @param read true if a message has left, false if what there was is dropped
     */
    synchronized void unqueue(Account account, long held, long bytes, boolean read) {
        add(account, -held, -bytes);
        if (read) {
            account.readNanos = nanoClock.getAsLong();
        }
    }

    private boolean change(Account account, long held, long unsent) {
        long more = held + unsent;
        if (shortOfMemory.getAsBoolean()) {
            mostHarmful(owing.stream(), nanoClock.getAsLong())
                    .filter(found -> found != account)
                    .ifPresent(this::cut);
        }
        if (more > 0 && (!hasRoomOfPeer(account, more) || !hasRoomOfAll(account, more))) {
            return false;
        }
        add(account, held, unsent);
        return true;
    }

    /** Makes room within an address: its connections that do not read are cut for one that does. */
    private boolean hasRoomOfPeer(Account account, long more) {
        InetAddress peer = account.line.peer();
        while (!account.line.isShared() && byPeer.getOrDefault(peer, 0L) + more > limits.peerBytes()) {
            Optional<Account> found =
                    mostHarmful(owing.stream().filter(other -> other.line.peer().equals(peer)), nanoClock.getAsLong());
            if (found.isEmpty() || found.get() == account) {
                return false;
            }
            cut(found.get());
        }
        return true;
    }

    private boolean hasRoomOfAll(Account account, long more) {
        while (all + more > limits.allBytes()) {
            Account greediest =
                    mostHarmful(owing.stream(), nanoClock.getAsLong()).orElseGet(this::largestOfLargestPeer);
            if (greediest == account) {
                return false;
            }
            cut(greediest);
        }
        return true;
    }

    /** Of the connections that do not read, the one with the largest product of bytes and time. */
    private static Optional<Account> mostHarmful(Stream<Account> among, long nowNanos) {
        return among.filter(account -> account.unsent > 0 && !isReading(account, nowNanos))
                .max(Comparator.comparingDouble(account -> (double) account.bytes() * (nowNanos - account.readNanos)));
    }

    private static boolean isReading(Account account, long nowNanos) {
        return nowNanos - account.readNanos < READING_NANOS;
    }

    /** The choice if all connections read. There is at least one, since an empty budget has room for any answer. */
    private Account largestOfLargestPeer() {
        return owing.stream()
                .max(Comparator.<Account>comparingLong(account -> byPeer.getOrDefault(account.line.peer(), 0L))
                        .thenComparingLong(Account::bytes))
                .orElseThrow();
    }

    private void cut(Account account) {
        add(account, -account.held, -account.unsent);
        account.isCut = true;
        cut++;
        account.line.cut();
    }

    /** Adds bytes to an account, unless its connection is cut. */
    private void add(Account account, long held, long unsent) {
        if (account.isCut || (held == 0 && unsent == 0)) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (account.unsent == 0) {
            account.readNanos = now; // until now it had nothing to read
        }
        account.held += held;
        account.unsent += unsent;
        all += held + unsent;
        byPeer.merge(account.line.peer(), held + unsent, UnsentAnswers::sumOrNone);
        if (account.bytes() == 0) {
            owing.remove(account);
        } else {
            owing.add(account);
        }
    }

    private static @Nullable Long sumOrNone(Long before, Long more) {
        long sum = before + more;
        return sum == 0 ? null : sum;
    }

    /** Schedules a check for when the patience with some connection may end. */
    private void watch() {
        if (nextCheck == null) {
            nextCheck = timer.schedule(this::check, limits.patience().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void check() {
        long now = nanoClock.getAsLong();
        long patience = limits.patience().toNanos();
        long next = Long.MAX_VALUE;
        for (Account account : Set.copyOf(owing)) {
            long left = patience - account.stillNanos(share(account), now);
            if (left <= 0) {
                cut(account);
            } else {
                next = Math.min(next, left);
            }
        }
        nextCheck = next == Long.MAX_VALUE
                ? null
                : timer.schedule(this::check, Math.max(SOONEST_NANOS, next), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread; from then on no connection is cut because it does not read for too long. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Held and unsent bytes of one connection. Guarded by its {@link UnsentAnswers}. */
    public static final class Account {
        private final Line line;
        /** When each unsent answer was handed over, the oldest first. */
        private final Map<Delivery, Long> sending = new LinkedHashMap<>();

        private long held;
        private long unsent;
        /** The last time when an answer left or there was nothing to read. */
        private long readNanos;

        private boolean isCut;

        private Account(Line line) {
            this.line = line;
        }

        private long bytes() {
            return held + unsent;
        }

        /**
         * How long it has read nothing; beyond its share, how long it has not read the oldest answer, which others may overtake
         * on a connection of many callers. Held answers do not count, since they cannot be read yet.
         */
        private long stillNanos(long share, long nowNanos) {
            if (sending.isEmpty()) {
                return 0;
            }
            long oldest = unsent > share ? sending.values().iterator().next() : nowNanos;
            return Math.max(nowNanos - readNanos, nowNanos - oldest);
        }

        /** False once nothing can be sent any more. */
        boolean isOpen() {
            return line.isOpen();
        }
    }
}
