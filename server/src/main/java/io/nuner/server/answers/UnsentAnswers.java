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
 * gets no new work; what was taken on before may still go beyond it, up to the share of its address. Where the whole budget
 * does not suffice, somebody must go, and that is the connection that has harmed others most: the one with the most bytes
 * times the time for which no answer of it has left. Only if that is the asking one itself is its answer refused.
 *
 * <p>The bytes of a connection that is cut count no more from that moment on, although its event loop needs a moment to
 * free them.
 */
public final class UnsentAnswers implements AutoCloseable {
    /** What an answer takes besides its message: headers, trailers and the stream. */
    static final int BESIDES = 1024;

    /** A connection of which an answer has left within this time is reading. */
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

    /** An empty budget, with a thread that looks after it. */
    public UnsentAnswers(AnswerLimits limits, LongSupplier nanoClock, ThreadFactory threads) {
        this(limits, nanoClock, threads, DirectMemory::isShort);
    }

    UnsentAnswers(AnswerLimits limits, LongSupplier nanoClock, ThreadFactory threads, BooleanSupplier shortOfMemory) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.shortOfMemory = shortOfMemory;
        timer = new ScheduledThreadPoolExecutor(1, threads, new ThreadPoolExecutor.DiscardPolicy());
    }

    /** What may be used. */
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

    /** Whether a connection may ask for more: within its share, or if it reads, within half of what its address has. */
    synchronized boolean mayAsk(Account account) {
        return account.unsent <= share(account)
                || (isReading(account, nanoClock.getAsLong()) && account.unsent <= limits.peerBytes() / 2);
    }

    /** A proxy's connection is that of many callers, so it has as much as an address. */
    private long share(Account account) {
        return account.line.isShared() ? limits.peerBytes() : limits.connectionBytes();
    }

    /** Takes room for an answer that waits for others of its call; false if there is none. */
    synchronized boolean hold(Account account, long bytes) {
        return change(account, bytes, 0);
    }

    /**
     * Takes room for a message that is handed to gRPC; false if there is none.
     *
     * @param call what it answers
     * @param held given back in exchange, whether or not there is room
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
     * @param read whether it has left, rather than been dropped
     */
    synchronized void release(Account account, Delivery call, long held, long bytes, boolean read) {
        boolean handed = account.sending.remove(call) != null;
        add(account, -held, handed ? -bytes - BESIDES : 0);
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

    /** Of an address, connections that do not read make room for one that does. */
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

    /** Of those that do not read, the one with the most bytes times seconds. */
    private static Optional<Account> mostHarmful(Stream<Account> among, long nowNanos) {
        return among.filter(account -> account.unsent > 0 && !isReading(account, nowNanos))
                .max(Comparator.comparingDouble(account -> (double) account.bytes() * (nowNanos - account.readNanos)));
    }

    private static boolean isReading(Account account, long nowNanos) {
        return nowNanos - account.readNanos < READING_NANOS;
    }

    /** Everybody reads, and it is still too much. There is somebody: an empty budget has room for any answer. */
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

    /** Nothing is counted for a connection that is cut. */
    private void add(Account account, long held, long unsent) {
        if (account.isCut || (held == 0 && unsent == 0)) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (account.unsent == 0) {
            account.readNanos = now; // it has nothing to read yet
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

    /** Has somebody look when the first connection may have stood still for too long. */
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

    /** Ends the thread; the budget goes on without patience. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** What one connection has. Guarded by its {@link UnsentAnswers}. */
    public static final class Account {
        private final Line line;
        /** When each unsent answer was handed over, the oldest first. */
        private final Map<Delivery, Long> sending = new LinkedHashMap<>();

        private long held;
        private long unsent;
        /** When an answer left last, or there was nothing to read. */
        private long readNanos;

        private boolean isCut;

        private Account(Line line) {
            this.line = line;
        }

        private long bytes() {
            return held + unsent;
        }

        /**
         * How long it has not read what it could: any answer, or beyond its share the oldest one, which others may overtake on
         * a connection that many callers use. A held answer is not its fault.
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
