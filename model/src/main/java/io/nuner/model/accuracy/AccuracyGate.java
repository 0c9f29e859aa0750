package io.nuner.model.accuracy;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.TokenRow;
import io.nuner.model.Accuracy;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.decode.Merging;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a rounded export pass if it answers sample texts as float32 does, within {@link AccuracyBounds}. Any thread; each
 * comparison holds both models in memory.
 *
 * <p>Rows run one at a time: rounded rows have the same scores in every batch.
 */
public final class AccuracyGate {
    /** A longer row is cut: as long as one of a server with default options. */
    private static final int MOST_TOKENS = 2048;

    private final EngineProvider provider;
    private final List<LabelledText> own;
    private final LossPolicy policy;

    /**
     * A gate.
     *
     * @param provider computes in float32 what is not rounded; usable here
     * @param own texts besides those that ship, judged apart from them; may be none
     */
    public AccuracyGate(EngineProvider provider, List<LabelledText> own, LossPolicy policy) {
        this.provider = provider;
        this.own = List.copyOf(own);
        this.policy = policy;
    }

    /** What computes both. */
    public EngineProvider engine() {
        return provider;
    }

    /**
     * Compares two exports of one checkpoint. Takes as long as both need to answer the texts: for those that ship about half a minute
     * on two cores and 24 layers of 1024.
     *
     * @param exact with float32 weights
     * @param rounded with others
     * @return what was measured, within the bounds or accepted
     * @throws ModelException if it is not, with the figure and the bound, or if an engine fails
     */
    public Accuracy judge(ExportedModel exact, ExportedModel rounded, Listener listener) throws ModelException {
        Accuracy measured = measure(exact, rounded, listener);
        Optional<String> broken = AccuracyBounds.broken(measured);
        if (broken.isEmpty()) {
            return measured;
        }
        if (policy == LossPolicy.REFUSE) {
            throw refusal(broken.get());
        }
        return new Accuracy(measured.bundled(), measured.own(), true);
    }

    /**
     * Refuses an export whose loss somebody accepted, if it is not accepted here.
     *
     * @throws ModelException with the figure and the bound
     */
    public static void requireAccepted(ModelManifest manifest, LossPolicy policy) throws ModelException {
        Accuracy accuracy = manifest.accuracy();
        if (policy == LossPolicy.REFUSE && accuracy != null && accuracy.lossAccepted()) {
            throw refusal(AccuracyBounds.broken(accuracy).orElse("its loss had to be accepted when it was exported"));
        }
    }

    private static ModelException refusal(String broken) {
        return ModelException.ofLoss("int8 differs too much from float32: " + broken
                + "; use float32, or take it as it is with --accept-loss");
    }

    private Accuracy measure(ExportedModel exact, ExportedModel rounded, Listener listener) throws ModelException {
        try (NerModel reference = NerModel.of(exact);
                NerModel candidate = NerModel.of(rounded)) {
            List<Question> bundled = questions(reference, LabelledTexts.bundled());
            List<Question> ofUser = questions(reference, own);
            int tokens = Math.max(longest(bundled), longest(ofUser));
            int labels = Math.max(mostLabels(bundled), mostLabels(ofUser));
            try (AnsweringEngine one = AnsweringEngine.open(provider, reference, tokens, labels);
                    AnsweringEngine other = AnsweringEngine.open(provider, candidate, tokens, labels)) {
                Merging merging = Merging.byDefault(reference.manifest().maxWidth());
                Progress progress = new Progress(listener, bundled.size() + ofUser.size());
                Accuracy.Sample first = compare(bundled, one, other, new AnswerComparison(merging), progress);
                Accuracy.Sample second =
                        own.isEmpty() ? null : compare(ofUser, one, other, new AnswerComparison(merging), progress);
                return new Accuracy(first, second, false);
            }
        }
    }

    private static Accuracy.Sample compare(
            List<Question> questions,
            AnsweringEngine exact,
            AnsweringEngine rounded,
            AnswerComparison comparison,
            Progress progress)
            throws ModelException {
        for (Question question : questions) {
            comparison.add(question.words(), exact.answer(question.row()), rounded.answer(question.row()));
            progress.step();
        }
        return comparison.total();
    }

    /** Texts as the model reads them: cut to what it reads at once, and left out if that is not one word. */
    private static List<Question> questions(NerModel model, List<LabelledText> texts) {
        int maxTokens = Math.min(MOST_TOKENS, model.manifest().maxRowTokens());
        List<Question> questions = new ArrayList<>();
        for (LabelledText text : texts) {
            Prompt prompt = model.encoder()
                    .distinctPrompt(text.labels().stream()
                            .map(model.labelRules()::toPrompt)
                            .toList());
            Words words = WordSplitter.split(text.text()).first(model.manifest().maxWords());
            if (prompt.labels() > 0) {
                model.encoder()
                        .encode(words, prompt)
                        .fitting(maxTokens)
                        .map(Question::of)
                        .ifPresent(questions::add);
            }
        }
        return questions;
    }

    private static int longest(List<Question> questions) {
        return questions.stream()
                .mapToInt(question -> question.row().tokenCount())
                .max()
                .orElse(1);
    }

    private static int mostLabels(List<Question> questions) {
        return questions.stream()
                .mapToInt(question -> question.row().labelCount())
                .max()
                .orElse(1);
    }

    /** Told how many texts were answered by both. Called on the thread that compares. */
    @FunctionalInterface
    public interface Listener {
        void answered(int done, int total);
    }

    private static final class Progress {
        private final Listener listener;
        private final int total;
        private int done;

        Progress(Listener listener, int total) {
            this.listener = listener;
            this.total = total;
        }

        void step() {
            done++;
            listener.answered(done, total);
        }
    }

    private record Question(Words words, TokenRow row) {
        static Question of(EncodedRequest encoded) {
            return new Question(encoded.words(), encoded.row());
        }
    }
}
