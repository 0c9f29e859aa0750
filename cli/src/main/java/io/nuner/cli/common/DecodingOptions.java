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
            names = "--truncate",
            fallbackValue = "true",
            description = "Search the first words of a text that is too long instead of refusing it.")
    private boolean truncate;

    /** The options for a call whose offsets count in the given unit. */
    public ExtractionOptions options(OffsetUnit unit) {
        LongTextPolicy longText =
                truncate ? LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE : LongTextPolicy.LONG_TEXT_POLICY_REJECT;
        return new ExtractionOptions(threshold, multiLabel, nested, mergePolicy(), unit, longText, false);
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
