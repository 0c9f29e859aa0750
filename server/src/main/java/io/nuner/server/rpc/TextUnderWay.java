package io.nuner.server.rpc;

import io.nuner.engine.RowLogits;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.text.Words;
import io.nuner.server.answers.AnswerSize;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One text on its way through the engine: turns its scores into the answer. One thread at a time.
 *
 * @param request what was asked
 * @param choices its options, defaults filled in
 * @param encoded words and token ids, which the engine gets
 * @param truncated whether words were left out
 * @param encodeNanos how long it took to make token ids of the text
 * @param readyNanos when that was done, on the server's nano clock
 * @param answer where the result goes
 * @param pipeline what all texts share
 */
record TextUnderWay(
        ExtractRequest request,
        Choices choices,
        EncodedRequest encoded,
        boolean truncated,
        long encodeNanos,
        long readyNanos,
        CountingAnswer answer,
        Pipeline pipeline)
        implements Extractor.Prepared, Reply.Receiver {
    @Override
    public void onScored(RowLogits logits, BatchRun run) {
        Runnable tellCaller;
        try {
            tellCaller = result(logits, run);
        } catch (TooManyEntitiesException e) {
            Excess excess = new Excess(e.count(), pipeline.limits().maxEntities(), Unit.ENTITIES);
            tellCaller = () -> answer.refusal(tooLarge("have " + e.count() + " entities", excess));
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("an answer could not be built", e);
            tellCaller = () -> answer.refusal(Refusal.of(Rejection.DEFECT));
        }
        tellCaller.run();
    }

    @Override
    public void onRefused(Refusal refusal) {
        answer.dropped(refusal);
    }

    /** Makes the answer, of bounded size, or a refusal; to be run outside of the handling of faults. */
    private Runnable result(RowLogits logits, BatchRun run) throws TooManyEntitiesException {
        long start = pipeline.nanoTime();
        List<EntitySpan> spans = SpanDecoder.decode(
                logits, encoded.words(), choices.decode(), pipeline.limits().maxEntities());
        int maxBytes = pipeline.limits().maxBytes();
        long bytes = AnswerSize.of(request, spans, maxBytes);
        if (bytes > maxBytes) {
            Excess excess = new Excess(bytes, maxBytes, Unit.BYTES);
            return () -> answer.refusal(tooLarge("take " + bytes + " bytes", excess));
        }
        ExtractResponse response = respond(spans, run, start);
        return () -> answer.response(response);
    }

    private static Refusal tooLarge(String size, Excess excess) {
        String message = "the answer would " + size + ", more than the limit of " + excess.limit()
                + "; a higher threshold, fewer labels or a shorter text make it smaller";
        return Refusal.saying(Rejection.ANSWER_TOO_LARGE, message, excess);
    }

    private ExtractResponse respond(List<EntitySpan> spans, BatchRun run, long start) {
        int searchedEnd = searchedEnd(encoded.words());
        SpanOffsets offsets = new SpanOffsets(request.getText(), spans, searchedEnd, choices.unit());
        ExtractResponse.Builder response = ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setUsage(usage().setSearchedEnd(offsets.of(searchedEnd)));
        for (EntitySpan span : spans) {
            response.addEntities(entity(span, offsets));
        }
        long decodeNanos = pipeline.nanoTime() - start;
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
                .setWords(encoded.words().count())
                .setPromptTokens(encoded.promptTokens())
                .setTextTokens(encoded.textTokens())
                .setWindows(1)
                .setTruncated(truncated);
    }

    private Timings timings(BatchRun run, long decodeNanos) {
        return Timings.newBuilder()
                .setEncodeNanos(encodeNanos)
                .setQueueNanos(run.startNanos() - readyNanos)
                .setInferenceNanos(run.runNanos())
                .setDecodeNanos(decodeNanos)
                .setBatchRows(run.rows())
                .setBatchTokens(run.tokens())
                .setBatchPaddedTokens(run.paddedTokens())
                .build();
    }

    /**
     * A caller's options with every default filled in. Immutable.
     *
     * @param decode how logits become entities
     * @param unit what offsets count
     * @param truncate whether words beyond the limit are left out rather than refused
     */
    record Choices(DecodeOptions decode, OffsetUnit unit, boolean truncate) {
        private static final float DEFAULT_THRESHOLD = 0.5f;

        /** Reads checked options. */
        static Choices of(ExtractOptions options, MergePolicy defaultMerge) {
            DecodeOptions decode = new DecodeOptions(
                    options.hasThreshold() ? options.getThreshold() : DEFAULT_THRESHOLD,
                    options.getMultiLabel(),
                    !options.hasFlatNer() || options.getFlatNer(),
                    merging(options, defaultMerge));
            return new Choices(
                    decode, unit(options), options.getLongText() == LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
        }

        private static Merging merging(ExtractOptions options, MergePolicy defaultMerge) {
            return switch (options.getMergePolicy()) {
                case MERGE_POLICY_UNSPECIFIED ->
                    defaultMerge == MergePolicy.MERGE_POLICY_ADJACENT ? Merging.ADJACENT : Merging.NONE;
                case MERGE_POLICY_ADJACENT -> Merging.ADJACENT;
                case MERGE_POLICY_CONSECUTIVE -> Merging.CONSECUTIVE;
                case MERGE_POLICY_NONE, UNRECOGNIZED -> Merging.NONE;
            };
        }

        private static OffsetUnit unit(ExtractOptions options) {
            return switch (options.getOffsetUnit()) {
                case OFFSET_UNIT_UTF8_BYTE -> OffsetUnit.UTF8_BYTE;
                case OFFSET_UNIT_UTF16_UNIT -> OffsetUnit.UTF16_UNIT;
                case OFFSET_UNIT_UNSPECIFIED, OFFSET_UNIT_CODE_POINT, UNRECOGNIZED -> OffsetUnit.CODE_POINT;
            };
        }
    }

    /**
     * Offsets of all spans of a text in the caller's unit. Immutable.
     *
     * <p>Converts the indices in ascending order, so that nested spans too cost one pass over the text.
     */
    private static final class SpanOffsets {
        private final int[] indices;
        private final int[] offsets;

        /**
         * Converts the offsets of the spans.
         *
         * @param last the UTF-16 index behind all of them, which is converted, too
         */
        SpanOffsets(String text, List<EntitySpan> spans, int last, OffsetUnit unit) {
            OffsetConverter converter = new OffsetConverter(text, unit);
            IntStream ends = spans.stream().flatMapToInt(span -> IntStream.of(span.start(), span.end()));
            indices = IntStream.concat(ends, IntStream.of(last))
                    .sorted()
                    .distinct()
                    .toArray();
            offsets = Arrays.stream(indices).map(converter::convert).toArray();
        }

        /** The offset of a start or an end of one of the spans, or of the last index. */
        int of(int utf16Index) {
            return offsets[Arrays.binarySearch(indices, utf16Index)];
        }
    }
}
