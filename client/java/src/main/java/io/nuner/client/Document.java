package io.nuner.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one document as they come. At most a few are kept that nobody has taken. A call that the server or the network
 * ended after it had begun is followed by another for the whole text, of which only the parts are given that the reader does not
 * have. One thread at a time.
 */
final class Document implements AnswerStream<DocumentPart> {
    private static final int PARTS_AHEAD = 2;

    /** Calls, one after another, that the server answers and that come no farther. */
    private static final int MAX_CALLS = 3;

    private final Calls calls;
    private final Patience patience;
    private final GivenParts given = new GivenParts();
    private Call call;
    private @Nullable DocumentPart next;
    private @Nullable ExtractionException failure;
    private boolean begun;
    private boolean answered;
    private int callsInVain;
    private boolean ended;

    /** Where calls are made. */
    interface Calls {
        /** A call of ExtractDocument that has not begun, with the deadline of the document. */
        ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> make();

        /** How long a call may still take; nothing if the client is closed. */
        long leftNanos();
    }

    /** One call for the whole text, and what the server says on it. */
    private record Call(
            ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> call,
            ExtractDocumentRequest request,
            Inbox<ExtractDocumentResponse> inbox) {
        Call begin() {
            call.start(inbox, new Metadata());
            call.request(PARTS_AHEAD);
            call.sendMessage(request);
            call.halfClose();
            return this;
        }
    }

    /**
     * Begins a call.
     *
     * @param patience how long the server may be away once the document has begun
     */
    Document(Calls calls, ExtractDocumentRequest request, Patience patience) {
        this.calls = calls;
        this.patience = patience;
        this.call = new Call(calls.make(), request, new Inbox<>()).begin();
    }

    @Override
    public boolean hasNext() throws ExtractionException {
        if (failure != null) {
            throw failure;
        }
        patience.restart(); // the reader may have taken its time
        while (next == null && !ended) {
            advance();
        }
        return next != null;
    }

    @Override
    public DocumentPart next() throws ExtractionException {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("the document is done");
        }
        DocumentPart part = next;
        next = null;
        return part;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            call.call().cancel("closed by its reader", null);
        }
    }

    /** Takes the next part, notes the end, or waits for either. */
    private void advance() throws ExtractionException {
        ExtractDocumentResponse message = call.inbox().poll();
        if (message != null) {
            call.call().request(1);
            take(DocumentPart.of(message));
            return;
        }
        Inbox.End end = call.inbox().end();
        if (end != null) {
            finish(end);
            return;
        }
        try {
            call.inbox().await(Long.MAX_VALUE); // the deadline of the call ends it
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void take(DocumentPart part) {
        begun = true;
        answered = true;
        patience.restart();
        next = given.rest(part);
        if (next != null) {
            patience.succeeded();
            callsInVain = 0;
        }
    }

    private void finish(Inbox.End end) throws ExtractionException {
        if (!end.status().isOk()) {
            replace(ExtractionException.of(end.status(), end.trailers()));
        } else if (given.areWhole()) {
            ended = true;
        } else {
            throw fail(ExtractionException.of(
                    Status.INTERNAL.withDescription("the server ended the document before its last part")));
        }
    }

    /**
     * Goes on with another call; before the first part, the channel alone has made calls again. A call that its reader did not
     * cancel was cancelled by a server at the end of its drain.
     */
    private void replace(ExtractionException reason) throws ExtractionException {
        boolean mayGoOn = (begun || reason.reason() == ErrorReason.ERROR_REASON_DRAINING)
                && (reason.code() == Status.Code.UNAVAILABLE
                        || reason.code() == Status.Code.CANCELLED
                        || reason.retryAfter().isPresent());
        callsInVain += answered ? 1 : 0;
        answered = false;
        long pause = patience.pauseNanos(reason.retryAfter());
        if (!mayGoOn || callsInVain >= MAX_CALLS || pause >= Math.min(patience.leftNanos(), calls.leftNanos())) {
            throw fail(reason);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        call = new Call(calls.make(), call.request(), new Inbox<>()).begin();
    }

    private ExtractionException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return fail(ExtractionException.of(
                Status.CANCELLED.withDescription("interrupted").withCause(cause)));
    }

    private ExtractionException fail(ExtractionException reason) {
        close();
        failure = reason;
        return reason;
    }
}
