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
 * <p>It checks the request, asks for admission, splits the text into words and makes the {@link ExtractionTask} that sees it through:
 * a {@link SingleRowTask} for a text that the model reads at once, a {@link WindowedTask} for any other and for every text that is
 * answered part by part.
 */
public final class Extractor {
    private static final String ADVICE = "; long_text WINDOW searches all of it, in windows, TRUNCATE its first words";

    private final TextModel model;
    private final RequestValidator validator;
    private final WindowedTaskFactory windowedTasks;
    private final int maxTokens;
    private final Pipeline pipeline;

    /**
     * An extractor for one model.
     *
     * @param maxTokens tokens of prompt and text together
     * @param windowedTasks makes the tasks of texts in several rows
     */
    public Extractor(
            TextModel model,
            RequestValidator validator,
            int maxTokens,
            WindowedTaskFactory windowedTasks,
            Pipeline pipeline) {
        this.model = model;
        this.validator = validator;
        this.maxTokens = maxTokens;
        this.windowedTasks = windowedTasks;
        this.pipeline = pipeline;
    }

    /**
     * Starts the work on one text, which is answered exactly once, now or later.
     *
     * @param prefix path of the request itself: empty, or such as {@code requests[3].}
     * @return to be run when the call ends; may be run at any time
     */
    public Runnable start(ExtractRequest request, String prefix, Caller caller, Answer<ExtractResponse> to) {
        return start(new Submission(request, prefix, counting(caller, to), Optional.empty()));
    }

    /** The same for a text that is answered part by part: entities go to the answer as they are certain. */
    public <A extends Answer<ExtractResponse> & EntitySink> Runnable startDocument(
            ExtractRequest request, String prefix, Caller caller, A to) {
        return start(new Submission(request, prefix, counting(caller, to), Optional.of(to)));
    }

    private CountingAnswer counting(Caller caller, Answer<ExtractResponse> to) {
        return new CountingAnswer(to, caller, pipeline.observer(), pipeline.nanoClock());
    }

    private Runnable start(Submission submission) {
        CountingAnswer answer = submission.answer();
        Optional<Refusal> fault = validator.check(submission.request(), submission.prefix());
        if (fault.isPresent()) {
            answer.refusal(fault.get());
            return Extractor::nothingToCancel;
        }
        Admission admission = enter(answer, urgency(submission.request()));
        if (!(admission instanceof Permit permit)) {
            answer.refusal((Refusal) admission);
            return Extractor::nothingToCancel;
        }
        ExtractionTask task = prepare(submission, permit);
        if (task instanceof ImmediateAnswer done) {
            permit.close();
            done.tellCaller().run();
            return Extractor::nothingToCancel;
        }
        return task instanceof WindowedTask text ? text.begin(permit) : publish((SingleRowTask) task, permit);
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

    private ExtractionTask prepare(Submission submission, Permit permit) {
        try {
            return encode(submission, permit);
        } catch (RuntimeException | Error e) {
            pipeline.faults().report("a request could not be encoded", e);
            return refused(Refusal.of(Rejection.DEFECT), submission);
        }
    }

    private ExtractionTask encode(Submission submission, Permit permit) {
        long start = pipeline.nanoTime();
        ResolvedOptions options =
                ResolvedOptions.of(submission.request(), model.info().getDefaultMergePolicy(), policy(submission));
        Prompt prompt = model.prompt(options.labels().prompts());
        if (prompt.problem().isPresent()) {
            return refused(
                    RequestValidator.refusal(prompt.problem().get(), submission.request(), submission.prefix()),
                    submission);
        }
        Words words = options.words(submission.request().getText());
        if (words.count() == 0 || prompt.labels() == 0) {
            return new ImmediateAnswer(() -> answerNothing(submission, options));
        }
        Query query = new Query(submission, options, words, prompt, start);
        int roomForLabels = LabelGroups.roomForLabels(prompt, words, model.encoder(), maxTokens);
        if (prompt.rowTokens() > roomForLabels) {
            return inGroups(query, roomForLabels, permit);
        }
        return submission.sink().isPresent()
                ? inRows(query, LabelGroups.whole(prompt), permit)
                : inOneRow(query, permit);
    }

    /** What a request means that chooses no policy of long texts: one that is answered in parts is made for them. */
    private LongTextPolicy policy(Submission submission) {
        return submission.sink().isPresent()
                ? LongTextPolicy.LONG_TEXT_POLICY_WINDOW
                : windowedTasks.texts().policy();
    }

    private ExtractionTask inOneRow(Query query, Permit permit) {
        ResolvedOptions options = query.options();
        Words all = query.words();
        if (all.count() > model.maxWords() && !options.truncates()) {
            return inWindows(query, tooManyWords(query), permit);
        }
        EncodedRequest whole = encode(all.first(model.maxWords()), query.prompt());
        if (whole.row().tokenCount() > maxTokens && !options.truncates()) {
            return inWindows(query, tooManyTokens(query, whole), permit);
        }
        Optional<EncodedRequest> fitting = whole.fitting(maxTokens);
        if (fitting.isEmpty()) {
            return refused(tooManyTokens(query, whole), query.submission());
        }
        EncodedRequest encoded = fitting.get();
        if (!permit.takeTokens(encoded.row().tokenCount())) {
            return refused(Refusal.of(Rejection.OVERLOADED), query.submission());
        }
        long ready = pipeline.nanoTime();
        return new SingleRowTask(
                query.submission().request(),
                options,
                encoded,
                encoded.words().count() < all.count(),
                ready - query.startNanos(),
                ready,
                query.submission().answer(),
                pipeline);
    }

    private EncodedRequest encode(Words words, Prompt prompt) {
        return model.encoder().encode(words, model.encoder().pieces(words), prompt);
    }

    private ExtractionTask inWindows(Query query, Refusal otherwise, Permit permit) {
        return query.options().takesWindows()
                ? windowedTasks.open(query, LabelGroups.whole(query.prompt()), permit)
                : refused(otherwise, query.submission());
    }

    /** Rows of groups of labels, if the caller allows them. */
    private ExtractionTask inGroups(Query query, int roomForLabels, Permit permit) {
        Prompt prompt = query.prompt();
        if (!query.options().splitsLabels()) {
            return refused(labelsTooLong(query, prompt.rowTokens(), roomForLabels), query.submission());
        }
        Optional<LabelGroups.TooLong> tooLong = LabelGroups.tooLong(prompt, roomForLabels);
        if (tooLong.isPresent()) {
            int tokens = tooLong.get().tokens();
            return refused(labelTooLong(query, tooLong.get().label(), tokens, roomForLabels), query.submission());
        }
        return inRows(query, LabelGroups.split(prompt, roomForLabels).orElseThrow(), permit);
    }

    /** Rows of windows and groups, of the first words only if the caller wants it so. */
    private ExtractionTask inRows(Query query, LabelGroups groups, Permit permit) {
        if (query.options().takesWindows()) {
            return windowedTasks.open(query, groups, permit);
        }
        Words all = query.words();
        if (all.count() > model.maxWords() && !query.options().truncates()) {
            return refused(tooManyWords(query), query.submission());
        }
        EncodedRequest whole = encode(all.first(model.maxWords()), longest(groups));
        Optional<EncodedRequest> fitting = whole.fitting(maxTokens);
        boolean tooLong =
                whole.row().tokenCount() > maxTokens && !query.options().truncates();
        return tooLong || fitting.isEmpty()
                ? refused(tooManyTokens(query, whole), query.submission())
                : windowedTasks.open(query.first(fitting.get().words().count()), groups, permit);
    }

    private static Prompt longest(LabelGroups groups) {
        return groups.prompts().stream()
                .filter(prompt -> prompt.rowTokens() == groups.longest())
                .findFirst()
                .orElseThrow();
    }

    private Refusal tooManyWords(Query query) {
        int words = query.words().count();
        String rule = "must have at most " + model.maxWords() + " words, but has " + words + ADVICE;
        return Refusal.excess(
                Rejection.TEXT_TOO_LONG,
                query.submission().prefix() + "text",
                rule,
                new Excess(words, model.maxWords(), Unit.WORDS));
    }

    private Refusal tooManyTokens(Query query, EncodedRequest whole) {
        Excess all = new Excess(whole.row().tokenCount(), maxTokens, Unit.TOKENS);
        String rule =
                "and labels together must have at most " + maxTokens + " tokens, but have " + all.count() + ADVICE;
        return Refusal.excess(Rejection.TEXT_TOO_LONG, query.submission().prefix() + "text", rule, all);
    }

    private static Refusal labelsTooLong(Query query, int tokens, int room) {
        String rule = "must have at most " + room + " tokens together, which leaves room for text, but have " + tokens
                + "; label_overflow SPLIT asks for them in groups";
        return Refusal.excess(
                Rejection.LABELS_TOO_LONG, query.labelsPath(), rule, new Excess(tokens, room, Unit.TOKENS));
    }

    private static Refusal labelTooLong(Query query, int label, int tokens, int room) {
        String rule = "must have at most " + room + " tokens, which leaves room for text, but has " + tokens;
        return Refusal.excess(
                Rejection.LABELS_TOO_LONG,
                query.labelsPath() + "[" + label + "]",
                rule,
                new Excess(tokens, room, Unit.TOKENS));
    }

    static ExtractionTask refused(Refusal refusal, Submission submission) {
        return new ImmediateAnswer(() -> submission.answer().refusal(refusal));
    }

    private static void answerNothing(Submission submission, ResolvedOptions options) {
        String text = submission.request().getText();
        EntityWriter writer = new EntityWriter(text, options.labels(), options.unit());
        submission.sink().ifPresent(sink -> sink.add(writer.write(List.of(), text.length())));
        submission.answer().response(nothing(submission.request()));
    }

    private static ExtractResponse nothing(ExtractRequest request) {
        return ExtractResponse.newBuilder()
                .setRequestId(request.getRequestId())
                .setTimings(Timings.getDefaultInstance())
                .setUsage(Usage.getDefaultInstance())
                .build();
    }

    private static void nothingToCancel() {}

    private Runnable publish(SingleRowTask text, Permit permit) {
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
     * A request as it came, and where its answer goes. Immutable.
     *
     * @param prefix path of the request itself
     * @param answer where the result goes
     * @param sink where entities go as they are certain; empty if all go with the answer
     */
    record Submission(ExtractRequest request, String prefix, CountingAnswer answer, Optional<EntitySink> sink) {}

    /**
     * A request with words to search and labels to find. Immutable.
     *
     * @param words all of the text, or those that are to be searched
     * @param prompt all labels
     * @param startNanos when the work on it began
     */
    record Query(
            Submission submission,
            ResolvedOptions options,
            Words words,
            Prompt prompt,
            boolean truncated,
            long startNanos) {
        Query(Submission submission, ResolvedOptions options, Words words, Prompt prompt, long startNanos) {
            this(submission, options, words, prompt, false, startNanos);
        }

        /** The same for the first words only. */
        Query first(int count) {
            return new Query(submission, options, words.first(count), prompt, count < words.count(), startNanos);
        }

        String labelsPath() {
            return submission.prefix() + RequestValidator.labelsField(submission.request());
        }
    }

    /** The work on one admitted text, from its words to its answer. */
    sealed interface ExtractionTask permits SingleRowTask, WindowedTask, ImmediateAnswer {}

    /**
     * A text that needs no engine.
     *
     * @param tellCaller gives the answer; run after the permit has been returned
     */
    record ImmediateAnswer(Runnable tellCaller) implements ExtractionTask {}
}
