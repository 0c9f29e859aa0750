package io.nuner.server.texts;

import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Refusal.Excess;
import io.nuner.server.batching.Refusal.Unit;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LabelOption;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import io.nuner.v1.WordSplitting;
import java.util.Optional;
import java.util.stream.IntStream;

/** Checks every limit that needs no model to be run. Any thread. */
public final class RequestValidator {
    private static final String LABEL_OPTIONS = "label_options";

    private final RequestLimits limits;
    private final TextModel model;

    public RequestValidator(RequestLimits limits, TextModel model) {
        this.limits = limits;
        this.model = model;
    }

    /**
     * The first thing that is wrong with a request, if any.
     *
     * @param prefix path of the request itself: empty, or such as {@code requests[3].}
     */
    Optional<Refusal> check(ExtractRequest request, String prefix) {
        return checkText(request.getText(), prefix + "text")
                .or(() -> checkBytes(request.getRequestId(), limits.maxRequestIdBytes(), prefix + "request_id"))
                .or(() -> checkLabels(request, prefix))
                .or(() -> checkOptions(request.getOptions(), prefix + "options."))
                .or(() -> checkPriority(request.getPriority(), prefix + "priority"));
    }

    /** What is wrong with the number of texts in a batch, if anything. */
    public Optional<Refusal> checkTexts(int texts) {
        return texts <= limits.maxTexts()
                ? Optional.empty()
                : Optional.of(Refusal.invalid("requests", tooMany("requests", texts, limits.maxTexts())));
    }

    private Optional<Refusal> checkLabels(ExtractRequest request, String prefix) {
        if (request.getLabelsCount() > 0 && request.getLabelOptionsCount() > 0) {
            return Optional.of(Refusal.invalid(prefix + LABEL_OPTIONS, "must be empty where labels are given"));
        }
        String path = prefix + labelsField(request);
        int count = Math.max(request.getLabelsCount(), request.getLabelOptionsCount());
        if (count > limits.maxLabels()) {
            return Optional.of(Refusal.invalid(path, tooMany("labels", count, limits.maxLabels())));
        }
        return IntStream.range(0, count)
                .mapToObj(label -> checkLabel(request, label, path + "[" + label + "]"))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> model.check(ResolvedOptions.prompts(request))
                        .map(problem -> refusal(problem, request, prefix)));
    }

    private static String tooMany(String what, int count, int limit) {
        return "must hold at most " + limit + " " + what + ", but holds " + count;
    }

    private Optional<Refusal> checkLabel(ExtractRequest request, int label, String path) {
        if (request.getLabelOptionsCount() == 0) {
            return checkBytes(request.getLabels(label), limits.maxLabelBytes(), path);
        }
        LabelOption option = request.getLabelOptions(label);
        if (option.getName().isEmpty()) {
            return Optional.of(Refusal.invalid(path + ".name", "must not be empty"));
        }
        return checkBytes(option.getName(), limits.maxLabelBytes(), path + ".name")
                .or(() -> checkBytes(option.getPrompt(), limits.maxLabelBytes(), path + ".prompt"))
                .or(() -> checkThreshold(option.getThreshold(), path + ".threshold"));
    }

    /** Where the labels of a request stand. */
    static String labelsField(ExtractRequest request) {
        return request.getLabelOptionsCount() == 0 ? "labels" : LABEL_OPTIONS;
    }

    /**
     * The refusal of labels.
     *
     * @param prefix path of the request itself
     */
    static Refusal refusal(LabelProblem problem, ExtractRequest request, String prefix) {
        String field = labelsField(request);
        String part = "";
        if (request.getLabelOptionsCount() > 0) {
            part = request.getLabelOptions(problem.index()).getPrompt().isEmpty() ? ".name" : ".prompt";
        }
        return Refusal.invalid(prefix + field + "[" + problem.index() + "]" + part, problem.fault(field));
    }

    private Optional<Refusal> checkText(String text, String path) {
        int most = limits.maxTextBytes();
        return checkBytes(text, most, path).map(refusal -> {
            Excess excess = new Excess(utf8Length(text), most, Unit.BYTES);
            return Refusal.excess(Rejection.TEXT_TOO_LONG, path, refusal.rule(), excess);
        });
    }

    private static Optional<Refusal> checkBytes(String value, int limit, String path) {
        return fits(value, limit)
                ? Optional.empty()
                : Optional.of(Refusal.invalid(
                        path, "must have at most " + limit + " bytes of UTF-8, but has " + utf8Length(value)));
    }

    private static Optional<Refusal> checkOptions(ExtractOptions options, String prefix) {
        Optional<Refusal> threshold = checkThreshold(options.getThreshold(), prefix + "threshold");
        if (threshold.isPresent()) {
            return threshold;
        }
        return checkValues(options, prefix);
    }

    private static Optional<Refusal> checkThreshold(float threshold, String path) {
        return threshold >= 0 && threshold <= 1 // false for NaN
                ? Optional.empty()
                : Optional.of(Refusal.invalid(path, "must be a number from 0 to 1"));
    }

    private static Optional<Refusal> checkValues(ExtractOptions options, String prefix) {
        if (options.getMergePolicy() == MergePolicy.UNRECOGNIZED) {
            return unknownValue(prefix + "merge_policy", "MergePolicy");
        }
        if (options.getOffsetUnit() == OffsetUnit.UNRECOGNIZED) {
            return unknownValue(prefix + "offset_unit", "OffsetUnit");
        }
        if (options.getLongText() == LongTextPolicy.UNRECOGNIZED) {
            return unknownValue(prefix + "long_text", "LongTextPolicy");
        }
        if (options.getLabelOverflow() == LabelOverflow.UNRECOGNIZED) {
            return unknownValue(prefix + "label_overflow", "LabelOverflow");
        }
        if (options.getWordSplitting() == WordSplitting.UNRECOGNIZED) {
            return unknownValue(prefix + "word_splitting", "WordSplitting");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> checkPriority(Priority priority, String path) {
        return priority == Priority.UNRECOGNIZED ? unknownValue(path, "Priority") : Optional.empty();
    }

    private static Optional<Refusal> unknownValue(String path, String type) {
        return Optional.of(Refusal.invalid(path, "must be a value of nuner.v1." + type));
    }

    /** True if a well-formed string takes at most {@code limit} bytes of UTF-8; encodes nothing. */
    private static boolean fits(String value, int limit) {
        int units = value.length();
        if (units > limit) {
            return false;
        }
        return 3L * units <= limit || utf8Length(value) <= limit;
    }

    /** RFC 3629 section 3: a UTF-16 unit takes 1, 2 or 3 bytes, and half of a surrogate pair takes 2. */
    private static int utf8Length(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit < 0x80) {
                bytes += 1;
            } else {
                bytes += unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
            }
        }
        return bytes;
    }
}
