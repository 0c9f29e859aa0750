package io.nuner.server.texts;

import io.nuner.engine.RowLogits;
import io.nuner.model.decode.Decoded;
import io.nuner.model.decode.DocumentDecoder;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.window.LabelGroups;
import io.nuner.model.window.TextWindows;
import io.nuner.model.window.Window;
import io.nuner.server.batching.Admission.Document;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.texts.Extractor.ExtractionTask;
import io.nuner.server.texts.Extractor.Query;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The work on a text in several rows: one row for each window and each group of labels. Any thread.
 *
 * <p>Few rows are in flight at once. When one comes back, the windows that are complete are decoded in order, and further ones
 * are encoded and started, each with a permit of its own; where there is none, the text waits until one comes back. All this is
 * done by one thread at a time: whoever raises {@code wakes} from zero has a thread do it, everyone else only says that there is
 * something to do. So no thread waits, and what is not final needs no lock. The first refusal of a row, of the answer or of the
 * caller ends the whole text, and with it all of its rows.
 */
public final class WindowedTask implements ExtractionTask {
    /** Windows that are scored before their turn may be this many times those in flight. */
    private static final int AHEAD = 2;

    private final Query query;
    private final WindowedTaskFactory factory;
    private final EntitySink sink;
    private final Pipeline pipeline;
    private final CountingAnswer answer;
    private final TextWindows windows;
    private final Document document;
    private final RowPermits permits;
    private final RowAccount account;
    private final EntityWriter writer;
    private final AtomicInteger wakes = new AtomicInteger();
    private final Queue<Scored> scored = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Refusal> fault = new AtomicReference<>();
    private volatile boolean isDropped;
    private volatile boolean isEnding;

    // of whoever works
    private final Deque<PendingWindow> pendingWindows = new ArrayDeque<>();
    private final Deque<Row> unstarted = new ArrayDeque<>();
    private final List<Row> inFlight = new ArrayList<>();
    private @Nullable DocumentDecoder decoder;
    private boolean over;
    private long movedNanos;
    private int decodedWords;
    private long estimate;

    WindowedTask(Query query, EntitySink sink, LabelGroups groups, WindowedTaskFactory factory, Document document) {
        this.query = query;
        this.sink = sink;
        this.factory = factory;
        this.document = document;
        pipeline = factory.pipeline();
        answer = query.submission().answer();
        writer = new EntityWriter(
                query.submission().request().getText(),
                query.options().labels(),
                query.options().unit());
        windows = new TextWindows(
                query.words(), groups, factory.model().encoder(), factory.windows(), factory.maxWidth());
        permits = new RowPermits(document, this::goOn);
        account = new RowAccount(groups.prompts().size());
    }

    /** Encodes the first window, and gives up if the text surely takes too long; the reason, or nothing. */
    Optional<Refusal> open(Permit permit) {
        encodeNext(query.startNanos());
        Window first = pendingWindows.getFirst().window();
        long allTokens = pendingWindows.getFirst().tokens() * query.words().count() / (first.ownTo() - first.ownFrom());
        long now = pipeline.nanoTime();
        estimate = document.estimateNanos(allTokens, now);
        if (estimate > answer.caller().deadlineNanos() - now) {
            return Optional.of(Refusal.of(Rejection.UNMEETABLE, estimate));
        }
        boolean room = permit.takeTokens(unstarted.getFirst().tokens());
        return room ? Optional.empty() : Optional.of(Refusal.of(Rejection.OVERLOADED));
    }

    /** Starts the first rows; returns what is to be run when the call ends. */
    Runnable begin(Permit permit) {
        permits.begin(permit);
        movedNanos = pipeline.nanoTime();
        sink.follow(this);
        if (wakes.getAndIncrement() == 0) {
            work();
        }
        return () -> end(Refusal.of(answer.caller().endedAt(pipeline.nanoTime())));
    }

    /** Says that more may be searched. */
    public void goOn() {
        if (wakes.getAndIncrement() == 0) {
            executeWork();
        }
    }

    private void executeWork() {
        try {
            factory.threads().execute(this::work);
        } catch (RejectedExecutionException e) {
            fault.compareAndSet(null, Refusal.of(Rejection.SHUTTING_DOWN));
            work();
        }
    }

    /** Ends the text unless it has ended. */
    void end(Refusal refusal) {
        if (fault.compareAndSet(null, refusal)) {
            isDropped = true;
            goOn();
        }
    }

    /** Has what is in flight answered and nothing more. */
    public void endSoon() {
        isEnding = true;
        goOn();
    }

    /** One step, after which others have their turn on the thread. */
    private void work() {
        int seen = wakes.get();
        try {
            step();
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("a long text failed", e);
            refuse(Refusal.of(Rejection.DEFECT));
        }
        if (wakes.addAndGet(-seen) != 0) {
            executeWork();
        }
    }

    private void step() {
        permits.beginStep();
        if (!over) {
            Optional<Refusal> refusal = takeScores();
            if (refusal.isPresent()) {
                refuse(refusal.get());
            } else if (pendingWindows.isEmpty() && !windows.hasNext()) {
                finish();
            } else {
                sink.flush();
                startRows();
                endIfStill();
            }
        }
        permits.endStep();
    }

    /** Takes the rows that came back, and decodes what is complete; why the text is refused, if it is. */
    private Optional<Refusal> takeScores() {
        for (Scored row = scored.poll(); row != null; row = scored.poll()) {
            inFlight.remove(row.row);
            account.ran(row.run, row.row.readyNanos);
            row.row.pendingWindow.take(row.row.group, row.logits);
            movedNanos = pipeline.nanoTime();
        }
        Optional<Refusal> refusal = Optional.ofNullable(fault.get()).map(this::ofWhole);
        while (refusal.isEmpty()
                && !pendingWindows.isEmpty()
                && pendingWindows.getFirst().isComplete()) {
            refusal = decode(pendingWindows.removeFirst());
        }
        return refusal;
    }

    /** What is said of the last row that would be too late is said of the whole text. */
    private Refusal ofWhole(Refusal ofRow) {
        if (ofRow.reason() != Rejection.UNMEETABLE) {
            return ofRow;
        }
        long soFar = pipeline.nanoTime() - answer.caller().arrivedNanos();
        long whole = decodedWords == 0
                ? soFar + estimate
                : soFar / decodedWords * query.words().count();
        return Refusal.of(Rejection.UNMEETABLE, whole);
    }

    private Optional<Refusal> decode(PendingWindow pendingWindow) {
        decodedWords = pendingWindow.window().ownTo();
        long start = pipeline.nanoTime();
        try {
            List<RowLogits> logits = pendingWindow.logits();
            Decoded decoded = decoder(logits.get(0).maxWidth()).add(pendingWindow.window(), logits);
            return sink.add(writer.write(decoded.entities(), decoded.safeUntil()));
        } catch (TooManyEntitiesException e) {
            return Optional.of(EntityCollector.tooMany(e.count(), sink.maxEntities()));
        } finally {
            account.decodedFor(pipeline.nanoTime() - start);
        }
    }

    private DocumentDecoder decoder(int maxWidth) {
        if (decoder == null) {
            decoder = new DocumentDecoder(
                    query.words(), query.options().decode(), query.options().labels(), maxWidth, sink.maxEntities());
        }
        return decoder;
    }

    /** Starts rows, of one more window at most. */
    private void startRows() {
        if (unstarted.isEmpty() && mayStart() && mayEncode()) {
            encodeNext(pipeline.nanoTime());
        }
        boolean room = true;
        while (room && mayStart() && !unstarted.isEmpty()) {
            room = start(unstarted.getFirst());
        }
        if (unstarted.isEmpty() && mayStart() && mayEncode()) {
            goOn();
        }
    }

    private boolean mayStart() {
        return inFlight.size() < factory.texts().inFlight();
    }

    /** Whether one more window is to be searched; one that was begun is completed in any case. */
    private boolean mayEncode() {
        boolean isAhead = pendingWindows.size() >= AHEAD * factory.texts().inFlight();
        return windows.hasNext() && !isEnding && !isAhead && sink.wantsMore();
    }

    private void encodeNext(long startNanos) {
        Window window = windows.next();
        long ready = pipeline.nanoTime();
        account.encodedFor(ready - startNanos);
        account.encoded(window);
        PendingWindow pendingWindow = new PendingWindow(window);
        pendingWindows.addLast(pendingWindow);
        for (int group = 0; group < window.rows().size(); group++) {
            unstarted.addLast(new Row(pendingWindow, group));
        }
    }

    /** Starts a row if it has a permit, and a place in the ring. */
    private boolean start(Row row) {
        Optional<Permit> permit = permits.next(row.tokens(), pipeline.nanoTime());
        if (permit.isEmpty()) {
            return false;
        }
        if (row.start(permit.get())) {
            unstarted.removeFirst();
            inFlight.add(row);
            return true;
        }
        if (inFlight.isEmpty()) { // no row will come back and have a step done
            goOn();
        }
        return false;
    }

    /** Ends a text that gets no room, that is not to be searched any further, or whose time is up. */
    private void endIfStill() {
        if (!inFlight.isEmpty()) {
            return; // the batcher looks after its time
        }
        long now = pipeline.nanoTime();
        if (isEnding && unstarted.isEmpty()) {
            refuse(sink.ending());
        } else if (!sink.wantsMore()) {
            movedNanos = now; // it is the caller who keeps it waiting
        } else if (now - rowDeadlineNanos(movedNanos) >= 0) {
            refuse(Refusal.of(Rejection.EXPIRED));
        }
    }

    /** A row must be done by the caller's deadline, and in any case within the time of an ordinary call. */
    private long rowDeadlineNanos(long fromNanos) {
        long longest = pipeline.deadline().longest().toNanos();
        return fromNanos + Math.min(longest, answer.caller().deadlineNanos() - fromNanos);
    }

    private void finish() {
        int end = query.words().end(query.words().count() - 1);
        int cut = decoder == null ? 0 : decoder.cutEntities();
        ExtractResponse response = sink.end()
                .setTimings(account.timings())
                .setUsage(account.usage()
                        .setWords(query.words().count())
                        .setTruncated(query.truncated())
                        .setSearchedEnd(writer.offset(end))
                        .setCutEntities(cut))
                .build();
        close();
        answer.response(response);
    }

    private void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        close();
        if (isDropped) {
            answer.dropped(refusal);
        } else {
            answer.refusal(refusal);
        }
    }

    /** Gives back all that it holds. */
    private void close() {
        over = true;
        permits.close();
        inFlight.forEach(Row::drop);
        inFlight.clear();
        unstarted.clear();
        pendingWindows.clear();
        scored.clear();
        factory.budget().give(query.submission().request().getText().length());
    }

    /** One row of a window. */
    private final class Row implements Reply.Receiver {
        private final PendingWindow pendingWindow;
        private final int group;
        private long readyNanos;
        private @Nullable Reply reply;

        Row(PendingWindow pendingWindow, int group) {
            this.pendingWindow = pendingWindow;
            this.group = group;
        }

        EncodedRequest encoded() {
            return pendingWindow.window().rows().get(group);
        }

        int tokens() {
            return encoded().row().tokenCount();
        }

        /** Hands the row to the batcher; false if the ring is full for a moment, and then the permit is given back. */
        boolean start(Permit permit) {
            readyNanos = pipeline.nanoTime();
            Reply made = new Reply(permit, this, pipeline.desk());
            reply = made;
            PendingRequest pending =
                    new PendingRequest(encoded().row(), readyNanos, rowDeadlineNanos(readyNanos), made);
            boolean taken = pipeline.ring().offer(pending);
            if (!taken) {
                permit.close();
            }
            return taken;
        }

        void drop() {
            if (reply != null) {
                reply.reject(Rejection.CANCELLED);
            }
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            scored.add(new Scored(this, logits, run));
            goOn();
        }

        @Override
        public void onRefused(Refusal refusal) {
            if (fault.compareAndSet(null, refusal)) {
                isDropped = true;
                goOn();
            }
        }
    }

    /** A row that came back. Immutable. */
    private record Scored(Row row, RowLogits logits, BatchRun run) {}
}
