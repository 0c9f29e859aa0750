package io.nuner.capacity.simulation;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.Lane;
import io.nuner.server.batching.Patience;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's own admission gate and batcher, the very objects that serve. One thread at a time. */
public final class ServerRule implements BatchingRule {
    private static final RowLogits NO_LOGITS = RowLogits.wrap(1, 1, 1, new float[1]);

    private final Lanes lanes;
    private final Tenants tenants;
    private final AdmissionGate gate;
    private final Batcher batcher;
    private final List<ServedLane> served = new ArrayList<>();
    private final IdentityHashMap<PendingRequest, Job> jobs = new IdentityHashMap<>();
    private final Map<Integer, TokenRow> rowsByLength = new HashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<Streaming> streams = new ArrayList<>();
    private long nowNanos;

    /**
     * A fresh gate and batcher.
     *
     * @param weights of tenants; all others have weight 1
     */
    public ServerRule(Lanes lanes, BatchPolicy policy, AdmissionGate.Limits limits, Map<String, Integer> weights) {
        this(lanes, policy, limits, new Tenants(weights, Integer.MAX_VALUE / 2));
    }

    /**
     * A fresh gate and batcher.
     *
     * @param tenants who shares the engine
     */
    public ServerRule(Lanes lanes, BatchPolicy policy, AdmissionGate.Limits limits, Tenants tenants) {
        this.lanes = lanes;
        this.tenants = tenants;
        Backlog backlog = new Backlog();
        gate = new AdmissionGate(limits, tenants, backlog);
        batcher = new Batcher(policy, backlog, Batcher.Observer.none(), () -> nowNanos);
        for (int lane = 0; lane < lanes.count(); lane++) {
            served.add(new ServedLane(lane, policy.limits().maxRows()));
        }
    }

    /** Has a document read from now on, beside the texts that arrive. Call before the simulation runs. */
    public ServerRule read(Book book) {
        readings.add(new Reading(book));
        return this;
    }

    /** Has the texts of a stream come in from now on, beside those that arrive. Call before the simulation runs. */
    public ServerRule stream(Corpus corpus) {
        streams.add(new Streaming(corpus));
        return this;
    }

    @Override
    public void arrived(Job job, long now) {
        nowNanos = now;
        Arrival arrival = job.arrival();
        Urgency urgency = arrival.bulk() ? Urgency.BULK : Urgency.INTERACTIVE;
        Admission admission = gate.enter(tenants.named(arrival.tenant()), urgency, now, job.deadlineNanos());
        if (!(admission instanceof Permit permit)) {
            job.refuse(now);
            return;
        }
        Refusals refusals = new Refusals(job);
        Reply reply = new Reply(permit, refusals);
        if (!permit.takeTokens(job.tokens())) {
            reply.reject(Rejection.OVERLOADED);
            return;
        }
        PendingRequest request = new PendingRequest(row(job.tokens()), now, job.deadlineNanos(), reply);
        refusals.request = request;
        note(request, job);
        batcher.decide();
    }

    private void note(PendingRequest request, Job job) {
        jobs.put(request, job);
        batcher.note(request);
    }

    private TokenRow row(int tokens) {
        return rowsByLength.computeIfAbsent(
                tokens, length -> TokenRow.copyOf(new int[length], new int[] {0}, new int[] {0}));
    }

    @Override
    public void laneFreed(int lane, long now) {
        nowNanos = now;
        ServedLane freed = served.get(lane);
        freed.end(now);
        batcher.note(new BatcherEvent.LaneFreed(freed));
        batcher.decide();
        readings.forEach(Reading::goOn); // decoding takes its time, so the lane has left again by then
        Collections.rotate(streams, 1); // none is always the first to find room
        streams.forEach(Streaming::goOn);
        batcher.decide();
    }

    @Override
    public void wake(long now) {
        nowNanos = now;
        batcher.decide();
    }

    @Override
    public long alarmNanos() {
        return batcher.alarmNanos();
    }

    /** Rows of all documents that are answered. */
    int rowsRead() {
        return readings.stream().mapToInt(reading -> reading.answered).sum();
    }

    /** Texts of all streams that are answered. */
    int textsStreamed() {
        return streams.stream().mapToInt(stream -> stream.answered).sum();
    }

    /** The longest time from when a text of a stream came to its answer. */
    long longestStreamedNanos() {
        return streams.stream().mapToLong(stream -> stream.longestNanos).max().orElse(0);
    }

    /** Texts that the gate admitted and that have no answer. */
    int requestsInFlight() {
        return gate.requestsInFlight();
    }

    /** Texts that are neither refused nor with a lane. */
    int jobsKept() {
        return jobs.size();
    }

    /** Their tokens. */
    long tokensInFlight() {
        return gate.tokensInFlight();
    }

    /** A lane as the batcher sees it. */
    private final class ServedLane implements Lane {
        private final int index;
        private final Batch batch;

        private ServedLane(int index, int maxRows) {
            this.index = index;
            batch = new Batch(maxRows);
        }

        @Override
        public Batch batch() {
            return batch;
        }

        @Override
        public void start() {
            List<Job> rows = new ArrayList<>();
            for (int row = 0; row < batch.size(); row++) {
                rows.add(Objects.requireNonNull(jobs.remove(batch.get(row))));
            }
            lanes.start(index, rows);
        }

        private void end(long now) {
            if (batch.size() == 0) {
                return;
            }
            long runNanos = now - batch.startNanos();
            BatchRun run =
                    new BatchRun(batch.startNanos(), runNanos, batch.size(), batch.tokens(), batch.paddedTokens());
            for (int row = 0; row < batch.size(); row++) {
                batch.get(row).reply().score(NO_LOGITS, run);
            }
            batch.ran(Math.max(1, runNanos));
        }
    }

    /** A document under way. */
    private final class Reading implements Reply.Receiver {
        private final Book book;
        private @Nullable Document document;
        private int answered;
        private int inFlight;

        private Reading(Book book) {
            this.book = book;
        }

        private void goOn() {
            boolean room = true;
            while (room && inFlight < book.inFlight() && nowNanos < book.endNanos()) {
                room = start();
            }
        }

        private boolean start() {
            Optional<Permit> permit = document == null ? first() : document.enter(book.rowTokens(), nowNanos);
            permit.ifPresent(this::start);
            return permit.isPresent();
        }

        private Optional<Permit> first() {
            Admission admission = gate.enter(
                    tenants.named(book.tenant()), Urgency.INTERACTIVE, nowNanos, nowNanos + Book.TIMEOUT_NANOS);
            if (!(admission instanceof Permit permit)) {
                return Optional.empty();
            }
            document = permit.openDocument();
            permit.takeTokens(book.rowTokens());
            return Optional.of(permit);
        }

        private void start(Permit permit) {
            Arrival row = new Arrival(nowNanos, book.rowTokens(), book.tenant(), false, Book.TIMEOUT_NANOS);
            inFlight++;
            Job job = new Job(row);
            Reply reply = new Reply(permit, this);
            note(new PendingRequest(row(job.tokens()), nowNanos, job.deadlineNanos(), reply), job);
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            inFlight--;
            answered++;
        }

        @Override
        public void onRefused(Refusal refusal) {
            throw new IllegalStateException("a document's row was refused: " + refusal.reason());
        }
    }

    /** A stream that always has texts. */
    private final class Streaming {
        private final Corpus corpus;
        /** Texts that wait outside, the first to come first: whether others were under way when they were read. */
        private final Deque<Boolean> outside = new ArrayDeque<>();

        private int underWay;
        private int answered;
        private long longestNanos;

        private Streaming(Corpus corpus) {
            this.corpus = corpus;
        }

        private void goOn() {
            while (underWay < corpus.inFlight() && nowNanos < corpus.endNanos()) {
                outside.add(underWay > 0);
                underWay++;
            }
            while (!outside.isEmpty() && start(outside.getFirst())) {
                outside.removeFirst();
            }
        }

        private boolean start(boolean yields) {
            long deadline = nowNanos + Corpus.TIMEOUT_NANOS;
            Urgency urgency = corpus.bulk() ? Urgency.BULK : Urgency.INTERACTIVE;
            Patience patience = new Patience(true, yields);
            Admission admission = gate.enter(tenants.named(corpus.tenant()), urgency, patience, nowNanos, deadline);
            if (!(admission instanceof Permit permit) || !permit.takeTokens(corpus.tokens())) {
                return false;
            }
            Arrival arrival =
                    new Arrival(nowNanos, corpus.tokens(), corpus.tenant(), corpus.bulk(), Corpus.TIMEOUT_NANOS);
            Text text = new Text(this, nowNanos);
            PendingRequest request =
                    new PendingRequest(row(corpus.tokens()), nowNanos, deadline, new Reply(permit, text));
            text.request = request;
            note(request, new Job(arrival));
            return true;
        }
    }

    /** A text of a stream. */
    private final class Text implements Reply.Receiver {
        private final Streaming stream;
        private final long sinceNanos;
        private @Nullable PendingRequest request;

        private Text(Streaming stream, long sinceNanos) {
            this.stream = stream;
            this.sinceNanos = sinceNanos;
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            stream.underWay--;
            stream.answered++;
            stream.longestNanos = Math.max(stream.longestNanos, nowNanos - sinceNanos);
        }

        @Override
        public void onRefused(Refusal refusal) {
            stream.underWay--;
            jobs.remove(request);
        }
    }

    /** Ends a job that is refused. The simulation ends jobs that are answered. */
    private final class Refusals implements Reply.Receiver {
        private final Job job;
        private @Nullable PendingRequest request;

        private Refusals(Job job) {
            this.job = job;
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            // known already
        }

        @Override
        public void onRefused(Refusal refusal) {
            job.refuse(nowNanos);
            jobs.remove(request);
        }
    }
}
