package io.nuner.server.rpc;

import io.nuner.engine.RowLogits;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.Words;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.AnswerSize;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.observe.FaultLog;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One text on its way through the engine: turns its scores into the answer. One thread at a time.
 *
 * @param request what was asked
 * @param choices its options, defaults filled in
 * @param text what the engine gets
 * @param timing when the steps before the engine ended
 * @param exit where the result goes
 */
record Extraction(ExtractRequest request, Choices choices, EncodedText text, Timing timing, Exit exit)
        implements Reply.Receiver {
    @Override
    public void onScored(RowLogits logits, BatchRun run) {
        Runnable answer;
        try {
            answer = answer(logits, run);
        } catch (TooManyEntitiesException e) {
            answer = () -> exit.answer.refusal(tooLarge("have " + e.count() + " entities", exit.limits.maxEntities()));
        } catch (RuntimeException | Error e) {
            exit.faults.report("an answer could not be built", e);
            answer = () -> exit.answer.refusal(Refusal.of(Rejection.DEFECT));
        }
        answer.run();
    }

    @Override
    public void onRefused(Refusal refusal) {
        exit.answer.dropped(refusal);
    }

    /** Makes the answer, of bounded size, or says why there is none; the result tells the caller. */
    private Runnable answer(RowLogits logits, BatchRun run) throws TooManyEntitiesException {
        long start = exit.nanoClock.getAsLong();
        List<EntitySpan> spans =
                SpanDecoder.decode(logits, text.encoded.words(), choices.decode(), exit.limits.maxEntities());
        int maxBytes = exit.limits.maxBytes();
        long bytes = AnswerSize.of(request, spans, maxBytes);
        if (bytes > maxBytes) {
            return () -> exit.answer.refusal(tooLarge("take " + bytes + " bytes", maxBytes));
        }
        ExtractResponse response = respond(spans, run, start);
        return () -> exit.answer.entities(response);
    }

    private static Refusal tooLarge(String size, int limit) {
        String message = "the answer would " + size + ", more than the limit of " + limit
                + "; a higher threshold, fewer labels or a shorter text make it smaller";
        return Refusal.saying(Rejection.ANSWER_TOO_LARGE, message);
    }

    private ExtractResponse respond(List<EntitySpan> spans, BatchRun run, long start) {
        int searchedEnd = searchedEnd(text.encoded.words());
        SpanOffsets offsets = new SpanOffsets(request.getText(), spans, searchedEnd, choices.unit());
        ExtractResponse.Builder response = ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setUsage(usage().setSearchedEnd(offsets.of(searchedEnd)));
        for (EntitySpan span : spans) {
            response.addEntities(entity(span, offsets));
        }
        long decodeNanos = exit.nanoClock.getAsLong() - start;
        return response.setTimings(timings(run, decodeNanos)).build();
    }

    private Entity entity(EntitySpan span, SpanOffsets offsets) {
        return Entity.newBuilder()
                .setStart(offsets.of(span.start()))
                .setEnd(offsets.of(span.end()))
                .setText(request.getText().substring(span.start(), span.end()))
                .setLabel(request.getLabels(span.label()))
                .setLabelIndex(span.label())
                .setScore(span.score())
                .build();
    }

    private static int searchedEnd(Words words) {
        return words.end(words.count() - 1);
    }

    private Usage.Builder usage() {
        return Usage.newBuilder()
                .setWords(text.encoded.words().count())
                .setPromptTokens(text.encoded.promptTokens())
                .setTextTokens(text.encoded.textTokens())
                .setWindows(1)
                .setTruncated(text.truncated);
    }

    private Timings timings(BatchRun run, long decodeNanos) {
        return Timings.newBuilder()
                .setEncodeNanos(timing.encodeNanos)
                .setQueueNanos(run.startNanos() - timing.readyNanos)
                .setInferenceNanos(run.runNanos())
                .setDecodeNanos(decodeNanos)
                .setBatchRows(run.rows())
                .setBatchTokens(run.tokens())
                .setBatchPaddedTokens(run.paddedTokens())
                .build();
    }

    /**
     * What the engine gets.
     *
     * @param encoded words and token ids
     * @param truncated whether words were left out
     */
    record EncodedText(EncodedRequest encoded, boolean truncated) {}

    /**
     * When the steps before the engine ended.
     *
     * @param encodeNanos how long text to ids took
     * @param readyNanos when that was done, on the server's nano clock
     */
    record Timing(long encodeNanos, long readyNanos) {}

    /**
     * Where the result goes.
     *
     * @param answer takes it
     * @param faults hears of defects
     * @param nanoClock the server's clock
     * @param limits of an answer
     */
    record Exit(CountedText answer, FaultLog faults, LongSupplier nanoClock, AnswerLimits limits) {}
}
