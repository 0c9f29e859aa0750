package io.nuner.cli;

import io.nuner.client.ExtractionOptions;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what counts as an entity. */
final class DecodingOptions {
    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            description = "An entity needs a score above this, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private float threshold;

    @Option(names = "--multi-label", fallbackValue = "true", description = "Allow several labels on one span.")
    private boolean multiLabel;

    @Option(names = "--nested", fallbackValue = "true", description = "Permit entities inside entities.")
    private boolean nested;

    @Option(
            names = "--merge",
            negatable = true,
            fallbackValue = "true",
            description = "Join neighbouring entities of one label, or do not. Default: the model's.")
    private @Nullable Boolean merge;

    @Option(
            names = "--truncate",
            fallbackValue = "true",
            description = "Search the first words of a text that is too long instead of refusing it.")
    private boolean truncate;

    /** The options for a call whose offsets count in the given unit. */
    ExtractionOptions options(OffsetUnit unit) {
        LongTextPolicy longText =
                truncate ? LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE : LongTextPolicy.LONG_TEXT_POLICY_REJECT;
        return new ExtractionOptions(threshold, multiLabel, nested, mergePolicy(), unit, longText, false);
    }

    private MergePolicy mergePolicy() {
        if (merge == null) {
            return MergePolicy.MERGE_POLICY_UNSPECIFIED;
        }
        return merge ? MergePolicy.MERGE_POLICY_ADJACENT : MergePolicy.MERGE_POLICY_NONE;
    }
}
