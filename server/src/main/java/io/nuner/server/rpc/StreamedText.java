package io.nuner.server.rpc;

import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Patience;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.texts.Answer;
import io.nuner.server.texts.Caller;
import io.nuner.server.texts.Extractor;
import io.nuner.v1.ErrorDetails;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One text of a {@link TextStream}, from when it is read until its answer is sent. Any thread. */
final class StreamedText implements Answer<ExtractResponse> {
    /** Index, tags and lengths around a response. */
    private static final int AROUND = 32;

    private final TextStream stream;
    private final ExtractRequest request;
    private final long index;
    private final boolean isOnly;
    private final Caller caller;

    private volatile int held;
    private final AtomicReference<Delivery.@Nullable Text> text = new AtomicReference<>();
    private volatile @Nullable ExtractStreamResponse message;
    private volatile boolean isLate;
    private volatile boolean refusedEntry;
    private volatile @Nullable Runnable cancel;

    /**
     * A text that has just been read.
     *
     * @param index how many were read before it
     * @param now when it was read, on the server's nano clock
     * @param deadline until when its answer is wanted, on the same clock
     * @param isOnly whether no other text of the stream was under way then, so that its client may well wait for this one
     */
    StreamedText(TextStream stream, ExtractRequest request, long index, long now, long deadline, boolean isOnly) {
        this.stream = stream;
        this.request = request;
        this.index = index;
        this.isOnly = isOnly;
        caller = new Caller(stream.tenant(), now, deadline, this::expect);
    }

    private void expect(Delivery.Text counted) {
        text.set(counted);
    }

    /** Starts the work; false if the server has no room now, and then the stream has been told to start it again. */
    boolean start(Extractor extractor) {
        refusedEntry = false;
        cancel = extractor.start(request, "request.", caller, this);
        if (stream.isOver()) {
            cancel();
        }
        return !refusedEntry;
    }

    /** True if it was refused for want of time. */
    boolean isLate() {
        return isLate;
    }

    /** How long ago it was read. */
    long nanosUntil(long nowNanos) {
        return nowNanos - caller.arrivedNanos();
    }

    /** Gives the work up; the text is then refused, unless it is answered. */
    void cancel() {
        @Nullable Runnable started = cancel;
        if (started != null) {
            started.run();
        }
    }

    /** Why it is lost if the call ends now. */
    Rejection endedAt(long nowNanos) {
        return caller.endedAt(nowNanos);
    }

    @Override
    public Patience patience(long nowNanos) {
        boolean isPatient = Patience.endNanos(caller.arrivedNanos(), caller.deadlineNanos()) - nowNanos > 0;
        return new Patience(isPatient, isPatient && !isOnly);
    }

    @Override
    public boolean triesAgain(Refusal refusal) {
        boolean again = refusal.reason() == Rejection.OVERLOADED && stream.startsAgain(this, refusal);
        refusedEntry |= again;
        return again;
    }

    @Override
    public Optional<Refusal> takeRoom(ExtractResponse response) {
        if (stream.isOver()) {
            return Optional.of(Refusal.of(Rejection.CANCELLED));
        }
        int bytes = response.getSerializedSize() + AROUND;
        if (!stream.answer().hold(bytes)) {
            return Optional.of(Refusal.of(Rejection.UNREAD_ANSWERS));
        }
        held = bytes;
        return Optional.empty();
    }

    @Override
    public void response(ExtractResponse response) {
        message = ExtractStreamResponse.newBuilder()
                .setIndex(index)
                .setResponse(response)
                .build();
        stream.done(this);
    }

    @Override
    public void refusal(Refusal refusal) {
        isLate = refusal.reason() == Rejection.UNMEETABLE || refusal.reason() == Rejection.EXPIRED;
        ErrorDetails details = RejectionStatus.details(refusal);
        message = ExtractStreamResponse.newBuilder()
                .setIndex(index)
                .setError(RejectionStatus.status(refusal, details))
                .setErrorDetails(details)
                .build();
        stream.done(this);
    }

    /** Sends its answer; false if it has none yet or cannot send it now. One thread at a time. */
    boolean send() {
        ExtractStreamResponse answer = message;
        if (answer == null) {
            return false;
        }
        Delivery.@Nullable Text counted = text.getAndSet(null); // whoever takes it is the one to tell it
        boolean sent = stream.answer().send(answer, held, counted);
        if (!sent && counted != null) {
            text.set(counted);
        }
        return sent;
    }

    /** Its answer will not be sent. */
    void lost(Rejection reason) {
        Delivery.@Nullable Text counted = text.getAndSet(null);
        if (counted != null) {
            counted.lost(reason);
        }
    }
}
