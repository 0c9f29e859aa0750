package io.nuner.eval;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.eval.Counts.Score;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that an evaluation says, as it stands in its JSON.
 *
 * @param date when it ended, in ISO 8601, UTC
 * @param labels the types of the file that were asked for, by label
 * @param leftOut the types of the file that were not asked for
 */
public record EvalReport(
        String date,
        Data data,
        Model model,
        Server server,
        Settings settings,
        SortedMap<String, List<String>> labels,
        List<String> leftOut,
        Run run,
        Quality entities,
        Quality tokens) {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    static EvalReport of(Evaluation evaluation, GetServerInfoResponse info, Answers answers, double seconds) {
        TestSet asked = evaluation.data().testSet();
        Scoring scoring = answers.score(asked);
        return new EvalReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Data.of(evaluation.data()),
                Model.of(info),
                Server.of(info),
                Settings.of(evaluation, info),
                asked.types(),
                asked.leftOut(),
                Run.of(answers, seconds),
                Quality.of(scoring.entities()),
                Quality.of(scoring.tokens()));
    }

    public String toJson() {
        return GSON.toJson(this);
    }

    /** The file; {@code texts} and {@code words} count what was asked, {@code limit} is 0 if that was all. */
    public record Data(String file, String sha256, String format, int limit, int texts, long words) {
        static Data of(AnnotatedFile data) {
            var texts = data.testSet().texts();
            long words = texts.stream().mapToLong(text -> text.words()).sum();
            return new Data(
                    data.file().name(),
                    data.file().sha256(),
                    data.format().toString(),
                    data.limit(),
                    texts.size(),
                    words);
        }
    }

    public record Model(String name, String sha256, String encoder) {
        static Model of(GetServerInfoResponse info) {
            var model = info.getModel();
            return new Model(model.getName(), model.getSha256(), model.getEncoder());
        }
    }

    public record Server(String version, String engine, String engineVersion, String device) {
        static Server of(GetServerInfoResponse info) {
            var engine = info.getEngine();
            return new Server(info.getServerVersion(), engine.getName(), engine.getVersion(), engine.getDevice());
        }
    }

    /**
     * How the server was asked.
     *
     * @param merge the rule that applied, chosen or the model's
     * @param longText the policy that applied, chosen or the server's
     */
    public record Settings(
            float threshold,
            boolean multiLabel,
            boolean nested,
            String merge,
            String longText,
            String labelOverflow,
            String wordSplitting,
            int concurrency,
            long timeoutMillis) {
        static Settings of(Evaluation evaluation, GetServerInfoResponse info) {
            ExtractOptions decoding = evaluation.options().decoding();
            MergePolicy merge = decoding.getMergePolicy() == MergePolicy.MERGE_POLICY_UNSPECIFIED
                    ? info.getModel().getDefaultMergePolicy()
                    : decoding.getMergePolicy();
            LongTextPolicy longText = decoding.getLongText() == LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED
                    ? info.getDefaultLongTextPolicy()
                    : decoding.getLongText();
            return new Settings(
                    decoding.getThreshold(),
                    decoding.getMultiLabel(),
                    !decoding.getFlatNer(),
                    word(merge.name(), "MERGE_POLICY_"),
                    word(longText.name(), "LONG_TEXT_POLICY_"),
                    word(decoding.getLabelOverflow().name(), "LABEL_OVERFLOW_"),
                    word(decoding.getWordSplitting().name(), "WORD_SPLITTING_"),
                    evaluation.concurrency(),
                    evaluation.timeout().toMillis());
        }
    }

    /** The word of the command line for a value of the contract; a value that this program does not know stays as it is. */
    private static String word(String name, String prefix) {
        return name.startsWith(prefix) ? name.substring(prefix.length()).toLowerCase(Locale.ROOT) : name;
    }

    /**
     * What happened.
     *
     * @param refused number of texts without an answer; their entities count as missed
     * @param truncated number of texts of which only the beginning was searched
     */
    public record Run(double seconds, double textsPerSecond, int refused, List<Refusal> refusals, int truncated) {
        static Run of(Answers answers, double seconds) {
            return new Run(
                    seconds,
                    answers.found().size() / seconds,
                    answers.refusals().size(),
                    answers.refusals(),
                    answers.truncated());
        }
    }

    /** A text without an answer: where it stands in the file, and the server's reason. */
    public record Refusal(String place, String reason) {}

    /** Figures of one way of counting. */
    public record Quality(Figures micro, Score macro, SortedMap<String, Figures> byLabel) {
        static Quality of(Tally tally) {
            SortedMap<String, Figures> byLabel = new TreeMap<>();
            tally.byLabel().forEach((label, counts) -> byLabel.put(label, Figures.of(counts)));
            return new Quality(Figures.of(tally.micro()), tally.macro(), byLabel);
        }
    }

    public record Figures(
            long support, long correct, long spurious, long missed, double precision, double recall, double f1) {
        static Figures of(Counts counts) {
            Score score = counts.score();
            return new Figures(
                    counts.support(),
                    counts.correct(),
                    counts.spurious(),
                    counts.missed(),
                    score.precision(),
                    score.recall(),
                    score.f1());
        }

        public Score score() {
            return new Score(precision, recall, f1);
        }
    }
}
