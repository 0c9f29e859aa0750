package io.nuner.server.rpc;

import io.grpc.stub.StreamObserver;
import io.nuner.server.answers.StillWatch;
import io.nuner.server.answers.StreamAnswer;
import io.nuner.server.answers.StreamWork;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.rpc.RequestMarshaller.Inbound;
import io.nuner.server.texts.Extractor;
import io.nuner.server.texts.Pipeline;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.StreamOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ExtractStream} call. Any thread.
 *
 * <p>It reads a few texts ahead while there is room for them: while fewer than {@link ReadAhead} allows are read and not answered,
 * the client takes its answers, no text waits for the server to admit it, and the connection is within its share of unsent
 * answers. Otherwise it does
 * not read, and HTTP/2 stops the client. A text that the server cannot admit now is started again, without a thread waiting
 * for it, until it is admitted or refused for another reason, at last for its deadline.
 *
 * <p>The stream is over once its status is given or the client has gone; texts under way are cancelled then.
 */
final class TextStream implements StreamObserver<Inbound<ExtractStreamRequest>> {
    /** Messages asked for at a time, so that the next one is there when there is room for it. */
    private static final int AHEAD = 8;

    private final Extractor extractor;
    private final Pipeline pipeline;
    private final StreamWork work;
    private final StreamAnswer<ExtractStreamResponse> answer;
    private final Tenant tenant;
    private final StillWatch idle;
    private final long deadlineNanos;

    private final AtomicInteger sends = new AtomicInteger();
    private final Set<StreamedText> underWay = new HashSet<>();
    private final AdmissionRetryQueue retries;
    private final ReadAhead ahead;
    private final Deque<StreamedText> outgoing =
            new ArrayDeque<>(); // answers; in order also those that are not there yet
    private volatile boolean over;
    private boolean begun;
    private boolean ordered;
    private boolean halfClosed;
    private boolean draining;
    private long itemNanos;
    private long read;
    private int open; // texts read and not answered
    private int unsent; // answers of them that are there
    private int asked; // messages asked for that have not come
    private long heardNanos;

    /**
     * A stream that has just begun; {@link #begin} must follow.
     *
     * @param deadlineNanos until when the client waits for the whole stream, on the server's nano clock
     */
    TextStream(
            Extractor extractor,
            Pipeline pipeline,
            StreamWork work,
            StreamAnswer<ExtractStreamResponse> answer,
            Tenant tenant,
            long deadlineNanos) {
        this.extractor = extractor;
        this.pipeline = pipeline;
        this.work = work;
        this.answer = answer;
        this.tenant = tenant;
        this.deadlineNanos = deadlineNanos;
        itemNanos = pipeline.deadline().unset().toNanos();
        retries = new AdmissionRetryQueue(work, this::goOn);
        ahead = new ReadAhead(work.limits().maxTexts());
        idle = new StillWatch(
                work, work.limits().idle(), this::idleNanos, () -> end(Refusal.of(Rejection.STREAM_IDLE)));
    }

    /** Begins to read, unless the connection may have no new work. */
    void begin() {
        answer.onReady(this::send);
        answer.onCancel(() -> end(null));
        answer.onDrain(this::drain);
        if (!answer.mayAsk()) {
            end(Refusal.of(Rejection.UNREAD_ANSWERS));
            return;
        }
        synchronized (this) {
            heardNanos = pipeline.nanoTime();
        }
        idle.begin();
        ask();
    }

    Tenant tenant() {
        return tenant;
    }

    StreamAnswer<ExtractStreamResponse> answer() {
        return answer;
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void onNext(Inbound<ExtractStreamRequest> inbound) {
        try {
            take(inbound);
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("a stream of texts failed", e);
            end(Refusal.of(Rejection.DEFECT));
        }
    }

    private void take(Inbound<ExtractStreamRequest> inbound) {
        boolean first;
        synchronized (this) {
            asked--;
            heardNanos = pipeline.nanoTime();
            first = !begun;
            begun = true;
        }
        ExtractStreamRequest message = inbound.message();
        @Nullable Refusal fault = inbound.refusal();
        if (fault == null && message.hasOptions()) {
            take(message.getOptions(), first);
        } else if (fault == null && !message.hasRequest()) {
            takeBad(Refusal.invalid("request", "must be set, or options in the first message"));
        } else if (fault == null) {
            take(message.getRequest());
        } else {
            takeBad(fault);
        }
        ask();
    }

    private void take(StreamOptions options, boolean first) {
        if (!first) {
            end(Refusal.invalid("options", "must only be in the first message of a stream"));
            return;
        }
        long longest = pipeline.deadline().longest().toNanos();
        com.google.protobuf.Duration timeout = options.getItemTimeout();
        boolean isPositive = timeout.getSeconds() >= 0
                && timeout.getNanos() >= 0
                && (timeout.getSeconds() | timeout.getNanos()) != 0;
        if (options.hasItemTimeout() && !isPositive) {
            end(Refusal.invalid("options.item_timeout", "must be longer than zero"));
            return;
        }
        synchronized (this) {
            ordered = options.getOrdered();
            long seconds = Math.min(timeout.getSeconds(), TimeUnit.NANOSECONDS.toSeconds(longest) + 1);
            long nanos = options.hasItemTimeout()
                    ? TimeUnit.SECONDS.toNanos(seconds) + timeout.getNanos()
                    : pipeline.deadline().unset().toNanos();
            itemNanos = Math.min(nanos, longest);
        }
    }

    private void take(ExtractRequest request) {
        @Nullable StreamedText text = add(request);
        if (text != null && !waits(text) && text.start(extractor)) {
            retries.admitted();
        }
    }

    /** Lets a text wait behind those that are not admitted; false if there are none. */
    private synchronized boolean waits(StreamedText text) {
        return !over && retries.joins(text); // if it is over, the text is started and then cancelled like any other
    }

    /** A text whose message cannot be read, or holds none, fails alone. */
    private void takeBad(Refusal fault) {
        @Nullable StreamedText text = add(ExtractRequest.getDefaultInstance());
        if (text != null) {
            refuse(text, fault);
        }
    }

    private void refuse(StreamedText text, Refusal refusal) {
        try {
            pipeline.observer().refused(tenant, refusal.reason(), 1);
        } finally {
            text.refusal(refusal);
        }
    }

    private synchronized @Nullable StreamedText add(ExtractRequest request) {
        if (over || draining) {
            return null;
        }
        long now = pipeline.nanoTime();
        long deadline = now + Math.min(itemNanos, deadlineNanos - now);
        StreamedText text = new StreamedText(this, request, read, now, deadline, underWay.isEmpty());
        read++;
        open++;
        underWay.add(text);
        if (ordered) {
            outgoing.addLast(text);
        }
        return text;
    }

    /** Asks for more messages if there is room. */
    private void ask() {
        int more;
        synchronized (this) {
            int room = Math.min(AHEAD, ahead.texts() - open);
            boolean isBehind = unsent > 0 && !answer.isReady(); // the client does not read
            if (over
                    || draining
                    || halfClosed
                    || isBehind
                    || !retries.isEmpty()
                    || asked > AHEAD / 2
                    || asked >= room) {
                return;
            }
            if (!answer.mayAsk()) {
                retries.pause();
                return;
            }
            more = room - asked;
            asked = room;
        }
        answer.request(more);
    }

    /** A text was not admitted; false if it must not be started again. */
    synchronized boolean startsAgain(StreamedText text, Refusal refusal) {
        if (!over) {
            retries.refused(text, refusal);
        }
        return !over;
    }

    /** Starts the texts that were not admitted, as far as it goes. */
    private void goOn() {
        @Nullable StreamedText text = retries.next();
        while (text != null && text.start(extractor)) {
            retries.admitted();
            text = retries.next();
        }
        ask();
    }

    /** A text has its answer. */
    void done(StreamedText text) {
        boolean isLost;
        synchronized (this) {
            underWay.remove(text);
            isLost = over;
            unsent++;
            ahead.answered(text.isLate() ? itemNanos : text.nanosUntil(pipeline.nanoTime()), itemNanos);
            if (!over && !ordered) {
                outgoing.addLast(text);
            }
        }
        if (isLost) {
            text.lost(text.endedAt(pipeline.nanoTime()));
        } else {
            send();
        }
    }

    /** Sends what is there; whoever comes while another sends leaves it to that one. */
    private void send() {
        if (sends.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            @Nullable StreamedText text = nextAnswer();
            while (text != null && text.send()) {
                sent(text);
                text = nextAnswer();
            }
            if (text != null && over) { // it was over before the text knew that it would not be sent
                text.lost(text.endedAt(pipeline.nanoTime()));
            }
            seen = sends.addAndGet(-seen);
        } while (seen != 0);
        ask();
        endIfDone();
    }

    private synchronized @Nullable StreamedText nextAnswer() {
        return over ? null : outgoing.peekFirst();
    }

    private synchronized void sent(StreamedText text) {
        heardNanos = pipeline.nanoTime();
        outgoing.remove(text);
        open--;
        unsent--;
        ahead.sent();
    }

    private void drain() {
        synchronized (this) {
            draining = true;
        }
        work.threads().execute(this::endIfDone); // not on the event loop
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            halfClosed = true;
        }
        endIfDone();
    }

    /** The client has gone; the answer has been told so, too. */
    @Override
    public void onError(Throwable cancelled) {
        end(null);
    }

    private void endIfDone() {
        boolean isOk;
        synchronized (this) {
            if (over || open > 0 || !(halfClosed || draining)) {
                return;
            }
            over = true;
            isOk = halfClosed;
            idle.stop();
        }
        if (isOk) {
            answer.end();
        } else {
            answer.refuse(Refusal.of(Rejection.DRAINING, new Refusal.Read(read)));
        }
    }

    /**
     * Ends the stream now. Texts under way are given up.
     *
     * @param refusal what the client is told; null if it has gone
     */
    private void end(@Nullable Refusal refusal) {
        List<StreamedText> started;
        List<StreamedText> notStarted;
        List<StreamedText> notSent;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            idle.stop();
            notSent = List.copyOf(outgoing);
            notStarted = retries.takeAll();
            outgoing.clear();
            started = new ArrayList<>(underWay);
            started.removeAll(notStarted);
            underWay.clear();
        }
        if (refusal != null) {
            answer.refuse(refusal);
        }
        long now = pipeline.nanoTime();
        started.forEach(StreamedText::cancel);
        notStarted.forEach(text -> pipeline.observer().refused(tenant, text.endedAt(now), 1));
        notSent.forEach(text -> text.lost(text.endedAt(now)));
    }

    private synchronized long idleNanos() {
        boolean isIdle = open == 0 && asked > 0 && !halfClosed;
        return isIdle ? pipeline.nanoTime() - heardNanos : 0;
    }
}
