package io.nuner.server.rpc;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Denial;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Urgency;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.rpc.Extraction.EncodedText;
import io.nuner.server.rpc.Extraction.Exit;
import io.nuner.server.rpc.Extraction.Timing;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Priority;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Takes one text from the wire to the batcher. Any thread. */
final class Extractor {
    private static final String ADVICE = "; long_text TRUNCATE searches the first words";

    private final TextModel model;
    private final RequestValidator validator;
    private final int maxTokens;
    private final Pipeline pipeline;

    /**
     * An extractor for one model.
     *
     * @param maxTokens tokens of prompt and text together
     */
    Extractor(TextModel model, RequestValidator validator, int maxTokens, Pipeline pipeline) {
        this.model = model;
        this.validator = validator;
        this.maxTokens = maxTokens;
        this.pipeline = pipeline;
    }

    /**
     * Starts the work on one text; the answer is told exactly once, now or later.
     *
     * @param prefix path of the request itself: empty, or such as {@code requests[3].}
     * @return tells the server that nobody waits any more; may be run at any time
     */
    Runnable start(ExtractRequest request, String prefix, Caller caller, Answer answer) {
        return start(request, prefix, new CountedText(answer, caller, pipeline.observer, pipeline.nanoClock));
    }

    private Runnable start(ExtractRequest request, String prefix, CountedText answer) {
        Caller caller = answer.caller();
        Optional<Refusal> fault = validator.check(request, prefix);
        if (fault.isPresent()) {
            answer.refusal(fault.get());
            return Extractor::nothingToCancel;
        }
        long now = pipeline.nanoClock.getAsLong();
        Admission admission = pipeline.gate.enter(caller.tenant(), urgency(request), now, caller.deadlineNanos());
        if (admission instanceof Permit permit) {
            return admitted(new Job(request, prefix, caller, permit), answer);
        }
        answer.refusal(Refusal.of((Denial) admission));
        return Extractor::nothingToCancel;
    }

    private static Urgency urgency(ExtractRequest request) {
        return request.getPriority() == Priority.PRIORITY_BULK ? Urgency.BULK : Urgency.INTERACTIVE;
    }

    private Runnable admitted(Job job, CountedText answer) {
        Prepared prepared;
        try {
            prepared = prepare(job, answer);
        } catch (RuntimeException | Error e) {
            pipeline.faults.report("a request could not be encoded", e);
            prepared = new Prepared.Done(() -> answer.refusal(Refusal.of(Rejection.DEFECT)));
        }
        return prepared.finish(job, pipeline);
    }

    private Prepared prepare(Job job, CountedText answer) {
        long start = pipeline.nanoClock.getAsLong();
        Choices choices = Choices.of(job.request.getOptions(), model.info().getDefaultMergePolicy());
        Prompt prompt = model.prompt(job.request.getLabelsList());
        if (prompt.problem().isPresent()) {
            return refused(RequestValidator.refusal(prompt.problem().get(), job.prefix + "labels"), answer);
        }
        Words all = WordSplitter.split(job.request.getText());
        if (all.count() == 0 || prompt.labels() == 0) {
            return new Prepared.Done(() -> answer.entities(nothing(job.request)));
        }
        if (all.count() > model.maxWords() && !choices.truncate()) {
            return refused(tooManyWords(job, all.count()), answer);
        }
        EncodedRequest whole = model.encode(all.first(model.maxWords()), prompt);
        Optional<EncodedRequest> fitting = fitting(whole, choices);
        if (fitting.isEmpty()) {
            return refused(tooManyTokens(job, choices, whole), answer);
        }
        EncodedRequest encoded = fitting.get();
        if (!job.permit.takeTokens(encoded.row().tokenCount())) {
            return refused(Refusal.of(Rejection.OVERLOADED), answer);
        }
        long ready = pipeline.nanoClock.getAsLong();
        EncodedText text = new EncodedText(encoded, encoded.words().count() < all.count());
        Exit exit = new Exit(answer, pipeline.faults, pipeline.nanoClock, pipeline.limits);
        return new Prepared.Ready(new Extraction(job.request, choices, text, new Timing(ready - start, ready), exit));
    }

    /** The row, cut to the tokens that fit if the caller allows it; nothing if it is too long. */
    private Optional<EncodedRequest> fitting(EncodedRequest whole, Choices choices) {
        boolean tooLong = whole.row().tokenCount() > maxTokens;
        return tooLong && !choices.truncate() ? Optional.empty() : whole.fitting(maxTokens);
    }

    private Refusal tooManyWords(Job job, int words) {
        String rule = "must have at most " + model.maxWords() + " words, but has " + words + ADVICE;
        return Refusal.invalid(job.prefix + "text", rule);
    }

    private Refusal tooManyTokens(Job job, Choices choices, EncodedRequest whole) {
        String excess = choices.truncate()
                ? "the labels alone have " + whole.promptTokens() + ", and not even the first word fits"
                : "have " + whole.row().tokenCount() + ADVICE;
        String rule = "and labels together must have at most " + maxTokens + " tokens, but " + excess;
        return Refusal.invalid(job.prefix + "text", rule);
    }

    private static Prepared refused(Refusal refusal, Answer answer) {
        return new Prepared.Done(() -> answer.refusal(refusal));
    }

    private static void nothingToCancel() {}

    private static ExtractResponse nothing(ExtractRequest request) {
        return ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setTimings(Timings.getDefaultInstance())
                .setUsage(Usage.getDefaultInstance())
                .build();
    }

    /**
     * What all texts share.
     *
     * @param gate the bound on work in flight
     * @param ring the way to the batcher
     * @param desk answers what the batcher refuses
     * @param faults hears of defects
     * @param observer told what becomes of each text
     * @param nanoClock the server's clock
     * @param limits of an answer
     */
    record Pipeline(
            AdmissionGate gate,
            BatcherRing ring,
            Reply.Desk desk,
            FaultLog faults,
            TextObserver observer,
            LongSupplier nanoClock,
            AnswerLimits limits) {}

    /**
     * An admitted text.
     *
     * @param request what was asked
     * @param prefix path of the request itself
     * @param caller who waits, and until when
     * @param permit its share of the gate
     */
    record Job(ExtractRequest request, String prefix, Caller caller, Permit permit) {}

    /** What became of an admitted text before it reached the batcher. */
    private sealed interface Prepared {
        /** Takes the next step; the result cancels what goes on. */
        Runnable finish(Job job, Pipeline pipeline);

        /**
         * It is answered without the engine.
         *
         * @param answer tells the caller
         */
        record Done(Runnable answer) implements Prepared {
            @Override
            public Runnable finish(Job job, Pipeline pipeline) {
                job.permit.close();
                answer.run();
                return Extractor::nothingToCancel;
            }
        }

        /**
         * It needs the engine.
         *
         * @param extraction takes its scores
         */
        record Ready(Extraction extraction) implements Prepared {
            @Override
            public Runnable finish(Job job, Pipeline pipeline) {
                Reply reply = new Reply(job.permit, extraction, pipeline.desk);
                PendingRequest pending = new PendingRequest(
                        extraction.text().encoded().row(),
                        extraction.timing().readyNanos(),
                        job.caller.deadlineNanos(),
                        reply);
                if (!pipeline.ring.offer(pending)) {
                    reply.reject(Rejection.OVERLOADED);
                }
                return () -> reply.reject(job.caller.endedAt(pipeline.nanoClock.getAsLong()));
            }
        }
    }
}
