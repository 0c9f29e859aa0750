package io.nuner.server.texts;

import io.nuner.engine.RowLogits;
import io.nuner.model.decode.DocumentDecoder;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.Words;
import io.nuner.model.window.Window;
import io.nuner.server.answers.AnswerSize;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import java.util.List;

/**
 * The work on a text in one row: turns its scores into the answer. One thread at a time.
 *
 * @param request what was asked
 * @param options its options, defaults filled in
 * @param encoded words and token ids, which the engine gets
 * @param truncated whether words were left out
 * @param encodeNanos how long it took to make token ids of the text
 * @param readyNanos when that was done, on the server's nano clock
 * @param answer where the result goes
 * @param pipeline what all texts share
 */
record SingleRowTask(
        ExtractRequest request,
        ResolvedOptions options,
        EncodedRequest encoded,
        boolean truncated,
        long encodeNanos,
        long readyNanos,
        CountingAnswer answer,
        Pipeline pipeline)
        implements Extractor.ExtractionTask, Reply.Receiver {
    @Override
    public void onScored(RowLogits logits, BatchRun run) {
        Runnable tellCaller;
        try {
            tellCaller = result(logits, run);
        } catch (TooManyEntitiesException e) {
            Excess excess = new Excess(e.count(), pipeline.limits().maxEntities(), Unit.ENTITIES);
            tellCaller = () -> answer.refusal(EntityCollector.tooLarge("have " + e.count() + " entities", excess));
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
        Window whole = Window.whole(encoded);
        List<EntitySpan> spans = decode(whole, logits);
        int maxBytes = pipeline.limits().maxBytes();
        long bytes = AnswerSize.of(request, spans, maxBytes);
        if (bytes > maxBytes) {
            Excess excess = new Excess(bytes, maxBytes, Unit.BYTES);
            return () -> answer.refusal(EntityCollector.tooLarge("take " + bytes + " bytes", excess));
        }
        ExtractResponse response = respond(spans, account(whole, run), start);
        return () -> answer.response(response);
    }

    private List<EntitySpan> decode(Window whole, RowLogits logits) throws TooManyEntitiesException {
        int maxEntities = pipeline.limits().maxEntities();
        return new DocumentDecoder(encoded.words(), options.decode(), options.labels(), logits.maxWidth(), maxEntities)
                .add(whole, List.of(logits))
                .entities();
    }

    private RowAccount account(Window whole, BatchRun run) {
        RowAccount account = new RowAccount(1);
        account.encodedFor(encodeNanos);
        account.encoded(whole);
        account.ran(run, readyNanos);
        return account;
    }

    private ExtractResponse respond(List<EntitySpan> spans, RowAccount account, long start) {
        Words words = encoded.words();
        EntityWriter writer = new EntityWriter(request.getText(), options.labels(), options.unit());
        EntityWriter.Part all = writer.write(spans, words.end(words.count() - 1));
        ExtractResponse.Builder response = ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .addAllEntities(all.entities())
                .setUsage(account.usage()
                        .setWords(words.count())
                        .setTruncated(truncated)
                        .setSearchedEnd(all.until()));
        account.decodedFor(pipeline.nanoTime() - start);
        return response.setTimings(account.timings()).build();
    }
}
