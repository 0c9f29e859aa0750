package io.nuner.cli.common;

import io.nuner.client.ExtractionOptions;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what counts as an entity. */
public final class DecodingOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            paramLabel = "P",
            description = "An entity needs a score above this, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private float threshold;

    @Option(names = "--multi-label", fallbackValue = "true", description = "Allow several labels on one span.")
    private boolean multiLabel;

    @Option(names = "--nested", fallbackValue = "true", description = "Permit entities inside entities.")
    private boolean nested;

    @Option(
            names = "--merge",
            converter = MergeRule.Reader.class,
            paramLabel = "RULE",
            description = {
                "Join neighbouring entities of one label: none; adjacent, also across one character of any kind;",
                "consecutive, across one space at most, for lists. Alone: adjacent. Default: the model's."
            })
    private @Nullable MergeRule merge;

    @Option(names = "--no-merge", fallbackValue = "true", description = "The same as --merge=none.")
    private boolean noMerge;

    @Option(
            names = "--long-text",
            paramLabel = "POLICY",
            description = {
                "What to do with a text of more words than the model reads at once: window, search it in parts that"
                        + " overlap;",
                "reject; truncate, search its first words. Default: the server's."
            })
    private @Nullable LongText longText;

    @Option(names = "--truncate", fallbackValue = "true", description = "The same as --long-text=truncate.")
    private boolean truncate;

    @Option(
            names = "--label-overflow",
            defaultValue = "reject",
            paramLabel = "POLICY",
            description = {
                "What to do with labels that leave too little room for text: reject; split, ask for them in groups.",
                "Default: ${DEFAULT-VALUE}."
            })
    private Overflow labelOverflow = Overflow.REJECT;

    @Option(
            names = "--word-splitting",
            defaultValue = "reference",
            paramLabel = "HOW",
            description = {
                "Where words begin and end: reference, as the model was trained; unicode, also inside sentences of"
                        + " Chinese,",
                "Japanese, Thai, Lao, Khmer and Burmese. Default: ${DEFAULT-VALUE}."
            })
    private Splitting wordSplitting = Splitting.REFERENCE;

    /** The options for a call whose offsets count in the given unit. */
    public ExtractionOptions options(OffsetUnit unit) {
        return ExtractionOptions.builder()
                .threshold(threshold)
                .multiLabel(multiLabel)
                .nested(nested)
                .merge(mergePolicy())
                .offsetUnit(unit)
                .longText(longTextPolicy())
                .labelOverflow(labelOverflow.policy())
                .wordSplitting(wordSplitting.splitting())
                .build();
    }

    /** The command line goes before the environment. */
    private LongTextPolicy longTextPolicy() {
        boolean written = isWritten("--long-text");
        if (written && isWritten("--truncate") && longText != LongText.TRUNCATE) {
            throw new IllegalArgumentException("--long-text excludes --truncate");
        }
        if (truncate && !written) {
            return LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE;
        }
        return longText == null ? LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED : longText.policy();
    }

    /** The command line goes before the environment. */
    private MergePolicy mergePolicy() {
        boolean written = isWritten("--merge");
        if (written && isWritten("--no-merge")) {
            throw new IllegalArgumentException("--merge excludes --no-merge");
        }
        if (noMerge && !written) {
            return MergePolicy.MERGE_POLICY_NONE;
        }
        return merge == null ? MergePolicy.MERGE_POLICY_UNSPECIFIED : merge.policy();
    }

    private boolean isWritten(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }
}
