package io.nuner.server.rpc;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Urgency;
import io.nuner.server.rpc.TextUnderWay.Choices;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Priority;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.Optional;

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
     * Starts the work on one text, which is answered exactly once, now or later.
     *
     * @param prefix path of the request itself: empty, or such as {@code requests[3].}
     * @return to be run when the call ends; may be run at any time
     */
    Runnable start(ExtractRequest request, String prefix, Caller caller, Answer<ExtractResponse> to) {
        CountingAnswer answer = new CountingAnswer(to, caller, pipeline.observer(), pipeline.nanoClock());
        Optional<Refusal> fault = validator.check(request, prefix);
        if (fault.isPresent()) {
            answer.refusal(fault.get());
            return Extractor::nothingToCancel;
        }
        Admission admission =
                pipeline.gate().enter(caller.tenant(), urgency(request), pipeline.nanoTime(), caller.deadlineNanos());
        if (!(admission instanceof Permit permit)) {
            answer.refusal((Refusal) admission);
            return Extractor::nothingToCancel;
        }
        Prepared prepared = prepare(request, prefix, permit, answer);
        if (prepared instanceof Done done) {
            permit.close();
            done.tellCaller().run();
            return Extractor::nothingToCancel;
        }
        return publish((TextUnderWay) prepared, permit);
    }

    private static Urgency urgency(ExtractRequest request) {
        return request.getPriority() == Priority.PRIORITY_BULK ? Urgency.BULK : Urgency.INTERACTIVE;
    }

    private Prepared prepare(ExtractRequest request, String prefix, Permit permit, CountingAnswer answer) {
        try {
            return encode(request, prefix, permit, answer);
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("a request could not be encoded", e);
            return refused(Refusal.of(Rejection.DEFECT), answer);
        }
    }

    private Prepared encode(ExtractRequest request, String prefix, Permit permit, CountingAnswer answer) {
        long start = pipeline.nanoTime();
        Choices choices = Choices.of(request.getOptions(), model.info().getDefaultMergePolicy());
        Prompt prompt = model.prompt(request.getLabelsList());
        if (prompt.problem().isPresent()) {
            return refused(RequestValidator.refusal(prompt.problem().get(), prefix + "labels"), answer);
        }
        Words all = WordSplitter.split(request.getText());
        if (all.count() == 0 || prompt.labels() == 0) {
            return new Done(() -> answer.response(nothing(request)));
        }
        if (all.count() > model.maxWords() && !choices.truncate()) {
            return refused(tooManyWords(prefix, all.count()), answer);
        }
        EncodedRequest whole = model.encode(all.first(model.maxWords()), prompt);
        Optional<EncodedRequest> fitting = fitting(whole, choices);
        if (fitting.isEmpty()) {
            return refused(tooManyTokens(prefix, choices, whole), answer);
        }
        EncodedRequest encoded = fitting.get();
        if (!permit.takeTokens(encoded.row().tokenCount())) {
            return refused(Refusal.of(Rejection.OVERLOADED), answer);
        }
        long ready = pipeline.nanoTime();
        boolean truncated = encoded.words().count() < all.count();
        return new TextUnderWay(request, choices, encoded, truncated, ready - start, ready, answer, pipeline);
    }

    /** The row, cut to the tokens that fit if the caller allows it; nothing if it is too long. */
    private Optional<EncodedRequest> fitting(EncodedRequest whole, Choices choices) {
        boolean tooLong = whole.row().tokenCount() > maxTokens;
        return tooLong && !choices.truncate() ? Optional.empty() : whole.fitting(maxTokens);
    }

    private Refusal tooManyWords(String prefix, int words) {
        String rule = "must have at most " + model.maxWords() + " words, but has " + words + ADVICE;
        return Refusal.excess(
                Rejection.TEXT_TOO_LONG, prefix + "text", rule, new Excess(words, model.maxWords(), Unit.WORDS));
    }

    private Refusal tooManyTokens(String prefix, Choices choices, EncodedRequest whole) {
        String most = "and labels together must have at most " + maxTokens + " tokens, but ";
        if (choices.truncate()) {
            Excess labels = new Excess(whole.promptTokens(), maxTokens, Unit.TOKENS);
            String rule = most + "the labels alone have " + whole.promptTokens() + ", and not even the first word fits";
            return Refusal.excess(Rejection.LABELS_TOO_LONG, prefix + "text", rule, labels);
        }
        Excess all = new Excess(whole.row().tokenCount(), maxTokens, Unit.TOKENS);
        String rule = most + "have " + all.count() + ADVICE;
        return Refusal.excess(Rejection.TEXT_TOO_LONG, prefix + "text", rule, all);
    }

    private static Prepared refused(Refusal refusal, CountingAnswer answer) {
        return new Done(() -> answer.refusal(refusal));
    }

    private static ExtractResponse nothing(ExtractRequest request) {
        return ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setTimings(Timings.getDefaultInstance())
                .setUsage(Usage.getDefaultInstance())
                .build();
    }

    private static void nothingToCancel() {}

    private Runnable publish(TextUnderWay text, Permit permit) {
        Caller caller = text.answer().caller();
        Reply reply = new Reply(permit, text, pipeline.desk());
        PendingRequest pending =
                new PendingRequest(text.encoded().row(), text.readyNanos(), caller.deadlineNanos(), reply);
        if (!pipeline.ring().offer(pending)) {
            reply.reject(Rejection.OVERLOADED);
        }
        return () -> reply.reject(caller.endedAt(pipeline.nanoTime()));
    }

    /** An admitted text: on its way to the batcher, or done without the engine. */
    sealed interface Prepared permits TextUnderWay, Done {}

    /**
     * A text that needs no engine.
     *
     * @param tellCaller gives the answer; run after the permit has been returned
     */
    private record Done(Runnable tellCaller) implements Prepared {}
}
