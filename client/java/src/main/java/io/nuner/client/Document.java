package io.nuner.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The parts of one document as they come. At most a few are kept that nobody has taken. One thread at a time. */
final class Document implements AnswerStream<DocumentPart> {
    private static final int PARTS_AHEAD = 2;

    private final ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> call;
    private final Inbox<ExtractDocumentResponse> inbox = new Inbox<>();
    private @Nullable DocumentPart next;
    private @Nullable ExtractionException failure;
    private boolean lastCame;
    private boolean ended;

    private Document(ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> call) {
        this.call = call;
    }

    /** Begins a call, whose deadline the caller has set. */
    static Document of(
            ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> call, ExtractDocumentRequest request) {
        Document document = new Document(call);
        call.start(document.inbox, new Metadata());
        call.request(PARTS_AHEAD);
        call.sendMessage(request);
        call.halfClose();
        return document;
    }

    @Override
    public boolean hasNext() throws ExtractionException {
        if (failure != null) {
            throw failure;
        }
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
            call.cancel("closed by its reader", null);
        }
    }

    /** Takes the next part, notes the end, or waits for either. */
    private void advance() throws ExtractionException {
        ExtractDocumentResponse message = inbox.poll();
        if (message != null) {
            call.request(1);
            next = DocumentPart.of(message);
            lastCame |= next.isLast();
            return;
        }
        Inbox.End end = inbox.end();
        if (end != null) {
            finish(end);
            return;
        }
        try {
            inbox.await(Long.MAX_VALUE); // the deadline of the call ends it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw fail(ExtractionException.of(
                    Status.CANCELLED.withDescription("interrupted").withCause(e)));
        }
    }

    private void finish(Inbox.End end) throws ExtractionException {
        ended = true;
        if (!end.status().isOk()) {
            throw fail(ExtractionException.of(end.status(), end.trailers()));
        }
        if (!lastCame) {
            throw fail(ExtractionException.of(
                    Status.INTERNAL.withDescription("the server ended the document before its last part")));
        }
    }

    private ExtractionException fail(ExtractionException reason) {
        failure = reason;
        return reason;
    }
}
