package io.nuner.server.texts;

import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelGroups;
import io.nuner.server.batching.Admission;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.Patience;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import io.nuner.server.batching.Urgency;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.Priority;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.List;
import java.util.Optional;

/**
 * Takes one text from the wire to the batcher. Any thread.
 *
 * <p>A text that the model reads at once is one row, a {@link TextUnderWay}. Any other is a {@link LongText}, and so is every
 * text that is answered part by part.
 */
public final class Extractor {
    private static final String ADVICE = "; long_text WINDOW searches all of it, in windows, TRUNCATE its first words";

    private final TextModel model;
    private final RequestValidator validator;
    private final Reading reading;
    private final int maxTokens;
    private final Pipeline pipeline;

    /**
     * An extractor for one model.
     *
     * @param maxTokens tokens of prompt and text together
     * @param reading what long texts have in common
     */
    public Extractor(TextModel model, RequestValidator validator, int maxTokens, Reading reading, Pipeline pipeline) {
        this.model = model;
        this.validator = validator;
        this.maxTokens = maxTokens;
        this.reading = reading;
        this.pipeline = pipeline;
    }

    /**
     * Starts the work on one text, which is answered exactly once, now or later.
     *
     * @param prefix path of the request itself: empty, or such as {@code requests[3].}
     * @return to be run when the call ends; may be run at any time
     */
    public Runnable start(ExtractRequest request, String prefix, Caller caller, Answer<ExtractResponse> to) {
        return start(new Asked(request, prefix, counting(caller, to), Optional.empty()));
    }

    /** The same for a text that is answered part by part: entities go to the answer as they are certain. */
    public <A extends Answer<ExtractResponse> & Parts> Runnable startDocument(
            ExtractRequest request, String prefix, Caller caller, A to) {
        return start(new Asked(request, prefix, counting(caller, to), Optional.of(to)));
    }

    private CountingAnswer counting(Caller caller, Answer<ExtractResponse> to) {
        return new CountingAnswer(to, caller, pipeline.observer(), pipeline.nanoClock());
    }

    private Runnable start(Asked asked) {
        CountingAnswer answer = asked.answer();
        Optional<Refusal> fault = validator.check(asked.request(), asked.prefix());
        if (fault.isPresent()) {
            answer.refusal(fault.get());
            return Extractor::nothingToCancel;
        }
        Admission admission = enter(answer, urgency(asked.request()));
        if (!(admission instanceof Permit permit)) {
            answer.refusal((Refusal) admission);
            return Extractor::nothingToCancel;
        }
        Prepared prepared = prepare(asked, permit);
        if (prepared instanceof Done done) {
            permit.close();
            done.tellCaller().run();
            return Extractor::nothingToCancel;
        }
        return prepared instanceof LongText text ? text.begin(permit) : publish((TextUnderWay) prepared, permit);
    }

    private Admission enter(CountingAnswer answer, Urgency urgency) {
        Caller caller = answer.caller();
        long now = pipeline.nanoTime();
        Patience patience = answer.answer().patience(now);
        return pipeline.gate().enter(caller.tenant(), urgency, patience, now, caller.deadlineNanos());
    }

    private static Urgency urgency(ExtractRequest request) {
        return request.getPriority() == Priority.PRIORITY_BULK ? Urgency.BULK : Urgency.INTERACTIVE;
    }

    private Prepared prepare(Asked asked, Permit permit) {
        try {
            return encode(asked, permit);
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("a request could not be encoded", e);
            return refused(Refusal.of(Rejection.DEFECT), asked);
        }
    }

    private Prepared encode(Asked asked, Permit permit) {
        long start = pipeline.nanoTime();
        Choices choices = Choices.of(asked.request(), model.info().getDefaultMergePolicy(), policy(asked));
        Prompt prompt = model.prompt(choices.labels().prompts());
        if (prompt.problem().isPresent()) {
            return refused(RequestValidator.refusal(prompt.problem().get(), asked.request(), asked.prefix()), asked);
        }
        Words words = choices.words(asked.request().getText());
        if (words.count() == 0 || prompt.labels() == 0) {
            return new Done(() -> answerNothing(asked, choices));
        }
        Question question = new Question(asked, choices, words, prompt, start);
        int roomForLabels = LabelGroups.roomForLabels(prompt, words, model.encoder(), maxTokens);
        if (prompt.rowTokens() > roomForLabels) {
            return inGroups(question, roomForLabels, permit);
        }
        return asked.parts().isPresent()
                ? inRows(question, LabelGroups.whole(prompt), permit)
                : inOneRow(question, permit);
    }

    /** What a request means that chooses no policy of long texts: one that is answered in parts is made for them. */
    private LongTextPolicy policy(Asked asked) {
        return asked.parts().isPresent()
                ? LongTextPolicy.LONG_TEXT_POLICY_WINDOW
                : reading.texts().policy();
    }

    private Prepared inOneRow(Question question, Permit permit) {
        Choices choices = question.choices();
        Words all = question.words();
        if (all.count() > model.maxWords() && !choices.truncates()) {
            return inWindows(question, tooManyWords(question), permit);
        }
        EncodedRequest whole = encode(all.first(model.maxWords()), question.prompt());
        if (whole.row().tokenCount() > maxTokens && !choices.truncates()) {
            return inWindows(question, tooManyTokens(question, whole), permit);
        }
        Optional<EncodedRequest> fitting = whole.fitting(maxTokens);
        if (fitting.isEmpty()) {
            return refused(tooManyTokens(question, whole), question.asked());
        }
        EncodedRequest encoded = fitting.get();
        if (!permit.takeTokens(encoded.row().tokenCount())) {
            return refused(Refusal.of(Rejection.OVERLOADED), question.asked());
        }
        long ready = pipeline.nanoTime();
        return new TextUnderWay(
                question.asked().request(),
                choices,
                encoded,
                encoded.words().count() < all.count(),
                ready - question.startNanos(),
                ready,
                question.asked().answer(),
                pipeline);
    }

    private EncodedRequest encode(Words words, Prompt prompt) {
        return model.encoder().encode(words, model.encoder().pieces(words), prompt);
    }

    private Prepared inWindows(Question question, Refusal otherwise, Permit permit) {
        return question.choices().takesWindows()
                ? reading.open(question, LabelGroups.whole(question.prompt()), permit)
                : refused(otherwise, question.asked());
    }

    /** Rows of groups of labels, if the caller allows them. */
    private Prepared inGroups(Question question, int roomForLabels, Permit permit) {
        Prompt prompt = question.prompt();
        if (!question.choices().splitsLabels()) {
            return refused(labelsTooLong(question, prompt.rowTokens(), roomForLabels), question.asked());
        }
        Optional<LabelGroups.TooLong> tooLong = LabelGroups.tooLong(prompt, roomForLabels);
        if (tooLong.isPresent()) {
            int tokens = tooLong.get().tokens();
            return refused(labelTooLong(question, tooLong.get().label(), tokens, roomForLabels), question.asked());
        }
        return inRows(question, LabelGroups.split(prompt, roomForLabels).orElseThrow(), permit);
    }

    /** Rows of windows and groups, of the first words only if the caller wants it so. */
    private Prepared inRows(Question question, LabelGroups groups, Permit permit) {
        if (question.choices().takesWindows()) {
            return reading.open(question, groups, permit);
        }
        Words all = question.words();
        if (all.count() > model.maxWords() && !question.choices().truncates()) {
            return refused(tooManyWords(question), question.asked());
        }
        EncodedRequest whole = encode(all.first(model.maxWords()), longest(groups));
        Optional<EncodedRequest> fitting = whole.fitting(maxTokens);
        boolean tooLong =
                whole.row().tokenCount() > maxTokens && !question.choices().truncates();
        return tooLong || fitting.isEmpty()
                ? refused(tooManyTokens(question, whole), question.asked())
                : reading.open(question.first(fitting.get().words().count()), groups, permit);
    }

    private static Prompt longest(LabelGroups groups) {
        return groups.prompts().stream()
                .filter(prompt -> prompt.rowTokens() == groups.longest())
                .findFirst()
                .orElseThrow();
    }

    private Refusal tooManyWords(Question question) {
        int words = question.words().count();
        String rule = "must have at most " + model.maxWords() + " words, but has " + words + ADVICE;
        return Refusal.excess(
                Rejection.TEXT_TOO_LONG,
                question.asked().prefix() + "text",
                rule,
                new Excess(words, model.maxWords(), Unit.WORDS));
    }

    private Refusal tooManyTokens(Question question, EncodedRequest whole) {
        Excess all = new Excess(whole.row().tokenCount(), maxTokens, Unit.TOKENS);
        String rule =
                "and labels together must have at most " + maxTokens + " tokens, but have " + all.count() + ADVICE;
        return Refusal.excess(Rejection.TEXT_TOO_LONG, question.asked().prefix() + "text", rule, all);
    }

    private static Refusal labelsTooLong(Question question, int tokens, int room) {
        String rule = "must have at most " + room + " tokens together, which leaves room for text, but have " + tokens
                + "; label_overflow SPLIT asks for them in groups";
        return Refusal.excess(
                Rejection.LABELS_TOO_LONG, question.labelsPath(), rule, new Excess(tokens, room, Unit.TOKENS));
    }

    private static Refusal labelTooLong(Question question, int label, int tokens, int room) {
        String rule = "must have at most " + room + " tokens, which leaves room for text, but has " + tokens;
        return Refusal.excess(
                Rejection.LABELS_TOO_LONG,
                question.labelsPath() + "[" + label + "]",
                rule,
                new Excess(tokens, room, Unit.TOKENS));
    }

    static Prepared refused(Refusal refusal, Asked asked) {
        return new Done(() -> asked.answer().refusal(refusal));
    }

    private static void answerNothing(Asked asked, Choices choices) {
        String text = asked.request().getText();
        EntityWriter writer = new EntityWriter(text, choices.labels(), choices.unit());
        asked.parts().ifPresent(parts -> parts.add(writer.write(List.of(), text.length())));
        asked.answer().response(nothing(asked.request()));
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

    /**
     * A request as it came. Immutable.
     *
     * @param prefix path of the request itself
     * @param answer where the result goes
     * @param parts where entities go as they are certain; empty if all go with the answer
     */
    record Asked(ExtractRequest request, String prefix, CountingAnswer answer, Optional<Parts> parts) {}

    /**
     * A request with words to search and labels to find. Immutable.
     *
     * @param words all of the text, or those that are to be searched
     * @param prompt all labels
     * @param startNanos when the work on it began
     */
    record Question(Asked asked, Choices choices, Words words, Prompt prompt, boolean truncated, long startNanos) {
        Question(Asked asked, Choices choices, Words words, Prompt prompt, long startNanos) {
            this(asked, choices, words, prompt, false, startNanos);
        }

        /** The same for the first words only. */
        Question first(int count) {
            return new Question(asked, choices, words.first(count), prompt, count < words.count(), startNanos);
        }

        String labelsPath() {
            return asked.prefix() + RequestValidator.labelsField(asked.request());
        }
    }

    /** An admitted text: on its way to the batcher, or done without the engine. */
    sealed interface Prepared permits TextUnderWay, LongText, Done {}

    /**
     * A text that needs no engine.
     *
     * @param tellCaller gives the answer; run after the permit has been returned
     */
    record Done(Runnable tellCaller) implements Prepared {}
}
