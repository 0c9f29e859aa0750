package io.nuner.server.texts;

import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.Merging;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.WordSplitting;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.LabelSet.Label;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LabelOption;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a caller asks for, with every default filled in. Immutable.
 *
 * @param labels what is looked for
 * @param decode how logits become entities
 * @param unit what offsets count
 * @param longText what is done with a text that the model cannot read at once; specified
 * @param splitsLabels whether labels that leave too little room are asked for in groups
 * @param splitting where words begin and end
 */
record ResolvedOptions(
        LabelSet labels,
        DecodeOptions decode,
        OffsetUnit unit,
        LongTextPolicy longText,
        boolean splitsLabels,
        WordSplitting splitting) {
    private static final float DEFAULT_THRESHOLD = 0.5f;

    /**
     * Reads a checked request.
     *
     * @param defaultMerge the model's merge policy
     * @param defaultLongText the server's policy of long texts
     */
    static ResolvedOptions of(ExtractRequest request, MergePolicy defaultMerge, LongTextPolicy defaultLongText) {
        ExtractOptions options = request.getOptions();
        DecodeOptions decode = new DecodeOptions(
                options.hasThreshold() ? options.getThreshold() : DEFAULT_THRESHOLD,
                options.getMultiLabel(),
                !options.hasFlatNer() || options.getFlatNer(),
                merging(options, defaultMerge));
        boolean unspecified = options.getLongText() == LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED;
        return new ResolvedOptions(
                labels(request),
                decode,
                unit(options),
                unspecified ? defaultLongText : options.getLongText(),
                options.getLabelOverflow() == LabelOverflow.LABEL_OVERFLOW_SPLIT,
                splitting(options));
    }

    private static LabelSet labels(ExtractRequest request) {
        return request.getLabelOptionsCount() == 0
                ? LabelSet.ofNames(request.getLabelsList())
                : LabelSet.of(request.getLabelOptionsList().stream()
                        .map(ResolvedOptions::label)
                        .toList());
    }

    private static Label label(LabelOption option) {
        OptionalDouble threshold =
                option.hasThreshold() ? OptionalDouble.of(option.getThreshold()) : OptionalDouble.empty();
        return new Label(option.getName(), prompt(option), threshold);
    }

    /** What the model is asked for. */
    static List<String> prompts(ExtractRequest request) {
        return request.getLabelOptionsCount() == 0
                ? request.getLabelsList()
                : request.getLabelOptionsList().stream()
                        .map(ResolvedOptions::prompt)
                        .toList();
    }

    private static String prompt(LabelOption option) {
        return option.getPrompt().isEmpty() ? option.getName() : option.getPrompt();
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

    private static WordSplitting splitting(ExtractOptions options) {
        return switch (options.getWordSplitting()) {
            case WORD_SPLITTING_UNICODE -> WordSplitting.UNICODE;
            case WORD_SPLITTING_UNSPECIFIED, WORD_SPLITTING_REFERENCE, UNRECOGNIZED -> WordSplitting.REFERENCE;
        };
    }

    /** The words of a text. */
    Words words(String text) {
        return WordSplitter.split(text, splitting);
    }

    /** Whether only the first words of a text are searched if it is too long. */
    boolean truncates() {
        return longText == LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE;
    }

    /** Whether a text that is too long is searched in windows. */
    boolean takesWindows() {
        return longText == LongTextPolicy.LONG_TEXT_POLICY_WINDOW;
    }
}
