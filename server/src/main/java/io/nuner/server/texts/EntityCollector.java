package io.nuner.server.texts;

import com.google.protobuf.CodedOutputStream;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractResponse;
import java.util.Optional;

/** The sink of one single answer: gathers all entities of a text, as long as they fit into it. One thread at a time. */
final class EntityCollector implements EntitySink {
    /** Timings, usage, and all tags and lengths that an answer has once. */
    private static final long ONCE = 256;

    private static final String ADVICE =
            "; ExtractDocument gives it in parts; a higher threshold, fewer labels or a shorter text make it smaller";

    private final AnswerLimits limits;
    private final ExtractResponse.Builder response = ExtractResponse.newBuilder();
    private long bytes;

    /**
     * Nothing yet.
     *
     * @param requestId the caller's
     */
    EntityCollector(AnswerLimits limits, String requestId) {
        this.limits = limits;
        response.setRequestId(requestId);
        bytes = ONCE + CodedOutputStream.computeStringSizeNoTag(requestId);
    }

    /** Of entities that are more than there may be. */
    static Refusal tooMany(long count, long limit) {
        return tooLarge("have at least " + count + " entities", new Excess(count, limit, Unit.ENTITIES));
    }

    /** Of an answer that would have or take that much. */
    static Refusal tooLarge(String size, Excess excess) {
        String message = "the answer would " + size + ", more than the limit of " + excess.limit() + ADVICE;
        return Refusal.saying(Rejection.ANSWER_TOO_LARGE, message, excess);
    }

    @Override
    public void follow(WindowedTask text) {
        // it never asks for more
    }

    @Override
    public boolean wantsMore() {
        return true;
    }

    @Override
    public long maxEntities() {
        return limits.maxEntities();
    }

    @Override
    public Optional<Refusal> add(EntityWriter.Part part) {
        for (Entity entity : part.entities()) {
            bytes += CodedOutputStream.computeMessageSize(ExtractResponse.ENTITIES_FIELD_NUMBER, entity);
            if (bytes <= limits.maxBytes()) {
                response.addEntities(entity);
            }
        }
        if (bytes > limits.maxBytes()) {
            Excess excess = new Excess(bytes, limits.maxBytes(), Unit.BYTES);
            return Optional.of(tooLarge("take at least " + bytes + " bytes", excess));
        }
        return Optional.empty();
    }

    @Override
    public void flush() {
        // all goes at once
    }

    @Override
    public ExtractResponse.Builder end() {
        return response;
    }

    @Override
    public Refusal ending() {
        return Refusal.of(Rejection.SHUTTING_DOWN);
    }
}
