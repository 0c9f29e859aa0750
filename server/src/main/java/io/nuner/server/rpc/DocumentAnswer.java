package io.nuner.server.rpc;

import com.google.protobuf.CodedOutputStream;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.StreamAnswer;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.texts.Answer;
import io.nuner.server.texts.EntitySink;
import io.nuner.server.texts.EntityWriter;
import io.nuner.server.texts.WindowedTask;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one {@code ExtractDocument} call. Any thread.
 *
 * <p>Parts that the caller does not take wait here, and meanwhile no more of the text is searched. So there are no more of
 * them than what the rows in flight give, and they count in the budget of unsent answers. Messages are made of them one by one, as the caller takes them.
 */
final class DocumentAnswer implements Answer<ExtractResponse>, EntitySink {
    /** Entities of one message, in bytes; one larger entity goes alone. */
    private static final int MESSAGE_BYTES = 256 * 1024;

    /** Memory of an entity that waits: span, place in the list, offsets. */
    private static final int WAITING_BYTES = 64;

    private final StreamAnswer<ExtractDocumentResponse> stream;
    private final String requestId;
    private final Deque<EntityWriter.Part> outgoing = new ArrayDeque<>();
    private final AtomicReference<Delivery.@Nullable Text> counted = new AtomicReference<>();
    private volatile @Nullable Rejection ending;
    private @Nullable WindowedTask text;
    private boolean isDraining;
    private @Nullable ExtractResponse complete;
    private @Nullable ExtractDocumentResponse unsent;
    private int entitiesTaken; // of the first part
    private int takenUntil;
    private int held; // bytes in the budget of the parts that the unsent message takes
    private int until;
    private int sentUntil;

    /**
     * An answer without a message.
     *
     * @param requestId the caller's
     */
    DocumentAnswer(StreamAnswer<ExtractDocumentResponse> stream, String requestId) {
        this.stream = stream;
        this.requestId = requestId;
        stream.onReady(this::goOn);
        stream.onDrain(this::drain);
    }

    /** To be told of a text that is answered, once its last message has left. */
    void expect(Delivery.Text delivered) {
        counted.set(delivered);
        tellLost();
    }

    /** Notes that the call has ended, for that reason, before all was sent. */
    void ended(Rejection reason) {
        synchronized (this) {
            outgoing.clear();
            unsent = null;
        }
        ending = reason;
        tellLost();
    }

    /** Tells the text if the call has ended. Whoever sets one of the two sees the other, or is seen by it. */
    private void tellLost() {
        @Nullable Rejection reason = ending;
        Delivery.@Nullable Text lost = reason == null ? null : counted.getAndSet(null);
        if (reason != null && lost != null) {
            lost.lost(reason);
        }
    }

    @Override
    public void follow(WindowedTask followed) {
        boolean endsSoon;
        synchronized (this) {
            text = followed;
            endsSoon = isDraining;
        }
        if (endsSoon) {
            followed.endSoon();
        }
    }

    @Override
    public synchronized boolean wantsMore() {
        return outgoing.isEmpty() && unsent == null;
    }

    @Override
    public long maxEntities() {
        return Long.MAX_VALUE;
    }

    @Override
    public synchronized Optional<Refusal> add(EntityWriter.Part part) {
        if (!stream.hold(waitingBytes(part))) {
            return Optional.of(Refusal.of(Rejection.UNREAD_ANSWERS));
        }
        if (!part.entities().isEmpty() || part.until() > until) {
            outgoing.addLast(part);
        }
        until = part.until();
        return Optional.empty();
    }

    /** The next message; null if there is none yet. */
    private @Nullable ExtractDocumentResponse next() {
        if (unsent == null && !outgoing.isEmpty()) {
            unsent = take(outgoing.getFirst());
        }
        @Nullable ExtractResponse last = outgoing.isEmpty() ? complete : null;
        if (last != null) {
            ExtractDocumentResponse.Builder message =
                    unsent == null ? message().setSafeUntil(takenUntil) : unsent.toBuilder();
            unsent = message.setUsage(last.getUsage())
                    .setTimings(last.getTimings())
                    .build();
        }
        return unsent;
    }

    /** Takes as much of the first part as goes into a message. */
    private ExtractDocumentResponse take(EntityWriter.Part part) {
        ExtractDocumentResponse.Builder message = message();
        int bytes = 0;
        while (entitiesTaken < part.entities().size()) {
            Entity entity = part.entities().get(entitiesTaken);
            int more = CodedOutputStream.computeMessageSize(ExtractDocumentResponse.ENTITIES_FIELD_NUMBER, entity);
            if (bytes > 0 && bytes + more > MESSAGE_BYTES) {
                return message.setSafeUntil(takenUntil).build();
            }
            message.addEntities(entity);
            bytes += more;
            entitiesTaken++;
        }
        outgoing.removeFirst();
        held += waitingBytes(part);
        entitiesTaken = 0;
        takenUntil = part.until();
        return message.setSafeUntil(takenUntil).build();
    }

    private static int waitingBytes(EntityWriter.Part part) {
        return WAITING_BYTES * part.entities().size();
    }

    private ExtractDocumentResponse.Builder message() {
        return ExtractDocumentResponse.newBuilder().setRequestId(requestId);
    }

    @Override
    public ExtractResponse.Builder end() {
        return ExtractResponse.newBuilder();
    }

    /** Nothing is sent any more, so that what it says stays true. */
    @Override
    public synchronized Refusal ending() {
        outgoing.clear();
        unsent = null;
        String sentence = "the server stops reading this text; it is done up to offset " + sentUntil;
        return Refusal.saying(Rejection.DRAINING, sentence, new Refusal.Safe(sentUntil));
    }

    /** The text is done: usage and timings go with the last of its messages. */
    @Override
    public void response(ExtractResponse response) {
        synchronized (this) {
            complete = response;
        }
        flush();
    }

    @Override
    public void refusal(Refusal refusal) {
        stream.refuse(refusal);
    }

    @Override
    public void flush() {
        boolean ends = false;
        synchronized (this) {
            @Nullable ExtractDocumentResponse message = next();
            while (message != null && !ends && send(message, message.hasUsage())) {
                sentUntil = message.getSafeUntil();
                ends = message.hasUsage();
                unsent = null;
                complete = ends ? null : complete;
                message = next();
            }
        }
        if (ends) {
            stream.end();
        }
    }

    /** The stream takes messages again. */
    private void goOn() {
        flush();
        @Nullable WindowedTask follower;
        synchronized (this) {
            follower = wantsMore() ? text : null;
        }
        if (follower != null) {
            follower.goOn();
        }
    }

    private boolean send(ExtractDocumentResponse message, boolean last) {
        Delivery.@Nullable Text delivered = last ? counted.getAndSet(null) : null;
        boolean sent = stream.send(message, held, delivered);
        held = sent ? 0 : held;
        if (!sent && delivered != null) {
            counted.set(delivered);
        }
        return sent;
    }

    /** On an event loop, so it must not work. */
    private void drain() {
        @Nullable WindowedTask follower;
        synchronized (this) {
            isDraining = true;
            follower = text;
        }
        if (follower != null) {
            follower.endSoon();
        }
    }
}
