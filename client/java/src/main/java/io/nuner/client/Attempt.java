package io.nuner.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.StreamOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of ExtractStream: the texts that were sent on it and are not answered, and what the server says. Counts its texts
 * from 0, whichever texts of the whole they are. One thread at a time.
 */
final class Attempt {
    /** Answers that are kept until somebody takes them, at most. */
    private static final int ANSWERS_AHEAD = 16;

    private final ClientCall<ExtractStreamRequest, ExtractStreamResponse> call;
    private final Inbox<ExtractStreamResponse> inbox = new Inbox<>();
    private final Map<Long, SentText> underWay = new LinkedHashMap<>();
    private long sent;
    private boolean halfClosed;

    private Attempt(ClientCall<ExtractStreamRequest, ExtractStreamResponse> call) {
        this.call = call;
    }

    /** A text and what the server says about it. */
    record Answer(SentText text, ExtractStreamResponse message) {}

    /** Begins a call. */
    static Attempt of(ClientCall<ExtractStreamRequest, ExtractStreamResponse> call, StreamOptions options) {
        Attempt attempt = new Attempt(call);
        call.start(attempt.inbox, new Metadata());
        call.request(ANSWERS_AHEAD);
        call.sendMessage(ExtractStreamRequest.newBuilder().setOptions(options).build());
        return attempt;
    }

    /** False while the connection holds enough that is not sent yet. */
    boolean takesMore() {
        return !halfClosed && call.isReady();
    }

    void send(SentText text) {
        underWay.put(sent, text);
        sent++;
        call.sendMessage(
                ExtractStreamRequest.newBuilder().setRequest(text.request()).build());
    }

    /** Tells the server that no more texts come. */
    void halfClose() {
        if (!halfClosed) {
            halfClosed = true;
            call.halfClose();
        }
    }

    boolean hasAnswer() {
        return inbox.hasMessage();
    }

    /**
     * The next answer; null if none is here.
     *
     * @throws ExtractionException if it answers no text that is under way
     */
    @Nullable
    Answer poll() throws ExtractionException {
        ExtractStreamResponse message = inbox.poll();
        if (message == null) {
            return null;
        }
        call.request(1);
        SentText text = underWay.remove(message.getIndex());
        if (text == null) {
            throw ExtractionException.of(Status.INTERNAL.withDescription(
                    "the server answered text " + message.getIndex() + " of a stream, which is not under way"));
        }
        return new Answer(text, message);
    }

    /** How the call ended; null until it has and every answer is taken. */
    Inbox.@Nullable End end() {
        return inbox.end();
    }

    /** Texts that are sent and not answered. */
    List<SentText> underWay() {
        return List.copyOf(underWay.values());
    }

    /** Waits for an answer, the end, or for the connection to take more; false if the time is over before. */
    boolean await(long nanos) throws InterruptedException {
        return inbox.await(nanos);
    }

    /** Waits for the end of a call whose texts are all answered; cancels it if it does not come. */
    void end(Duration longest) {
        long startNanos = System.nanoTime();
        try {
            while (end() == null) {
                long left = longest.toNanos() - (System.nanoTime() - startNanos);
                if (!inbox.await(left)) {
                    cancel();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
        }
    }

    void cancel() {
        call.cancel("given up by the client", null);
    }
}
