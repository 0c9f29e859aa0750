package io.nuner.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, piece by piece, with a limit on the silence between two pieces, which HttpClient lacks. One thread
 * reads and closes; at most one piece waits, because the next is requested when the last was read.
 */
final class Body implements BodySubscriber<Body>, AutoCloseable {
    private final Duration idle;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Iterator<ByteBuffer> current = Collections.emptyIterator();
    private volatile @Nullable Subscription subscription;
    private volatile boolean closed;

    Body(Duration idle) {
        this.idle = idle;
    }

    /**
     * The next bytes; empty at the end.
     *
     * @throws HttpTimeoutException if none come in time
     * @throws IOException if the connection breaks, or ends before what the header announced
     */
    Optional<ByteBuffer> next() throws IOException, InterruptedException {
        while (!current.hasNext()) {
            Piece piece = pieces.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
            if (piece == null) {
                throw new HttpTimeoutException("silent for " + idle.toSeconds() + " s");
            }
            if (piece.isLast()) {
                return end(piece);
            }
            current = piece.buffers().iterator();
            Objects.requireNonNull(subscription).request(1); // set before the first piece
        }
        return Optional.of(current.next());
    }

    private Optional<ByteBuffer> end(Piece piece) throws IOException {
        pieces.add(piece); // reading again gives the same end
        if (piece.failure() != null) {
            throw new IOException(piece.failure());
        }
        return Optional.empty();
    }

    /** Ends the connection unless the body was read to its end. */
    @Override
    public void close() {
        closed = true;
        Subscription present = subscription;
        if (present != null) {
            present.cancel();
        }
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        if (closed) { // both methods write their field before they read the other's: one of the two cancels
            newSubscription.cancel();
        } else {
            newSubscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece(buffers, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    private record Piece(
            List<ByteBuffer> buffers,
            boolean isLast,
            @Nullable Throwable failure) {}
}
