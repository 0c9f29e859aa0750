package io.nuner.client;

import io.nuner.v1.ExtractOptions;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;

/**
 * How to decode, and how urgent that is. Immutable; start from {@link #DEFAULTS}.
 *
 * @param threshold an entity needs a score above this, in [0, 1]
 * @param multiLabel allows several labels on one span
 * @param nested permits entities inside entities
 * @param merge which neighbouring entities of one label are joined: CONSECUTIVE for lists, addresses and tables;
 *     UNSPECIFIED leaves it to the model
 * @param offsetUnit unit of {@link Entity#start()} and {@link Entity#end()}
 * @param longText what to do with a text of more words than the model reads
 * @param bulk whether nobody waits for the answer, so that the server may do what others wait for first
 */
public record ExtractionOptions(
        float threshold,
        boolean multiLabel,
        boolean nested,
        MergePolicy merge,
        OffsetUnit offsetUnit,
        LongTextPolicy longText,
        boolean bulk) {
    /** The server's defaults, but offsets count UTF-16 units, so that they fit {@link String#substring}. */
    public static final ExtractionOptions DEFAULTS = new ExtractionOptions(
            0.5f,
            false,
            false,
            MergePolicy.MERGE_POLICY_UNSPECIFIED,
            OffsetUnit.OFFSET_UNIT_UTF16_UNIT,
            LongTextPolicy.LONG_TEXT_POLICY_REJECT,
            false);

    public ExtractionOptions {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be in [0, 1], but was " + threshold);
        }
    }

    public ExtractionOptions withThreshold(float newThreshold) {
        return new ExtractionOptions(newThreshold, multiLabel, nested, merge, offsetUnit, longText, bulk);
    }

    public ExtractionOptions withMultiLabel(boolean allowed) {
        return new ExtractionOptions(threshold, allowed, nested, merge, offsetUnit, longText, bulk);
    }

    public ExtractionOptions withNested(boolean permitted) {
        return new ExtractionOptions(threshold, multiLabel, permitted, merge, offsetUnit, longText, bulk);
    }

    public ExtractionOptions withMerge(MergePolicy policy) {
        return new ExtractionOptions(threshold, multiLabel, nested, policy, offsetUnit, longText, bulk);
    }

    public ExtractionOptions withOffsetUnit(OffsetUnit unit) {
        return new ExtractionOptions(threshold, multiLabel, nested, merge, unit, longText, bulk);
    }

    public ExtractionOptions withLongText(LongTextPolicy policy) {
        return new ExtractionOptions(threshold, multiLabel, nested, merge, offsetUnit, policy, bulk);
    }

    public ExtractionOptions withBulk(boolean nobodyWaits) {
        return new ExtractionOptions(threshold, multiLabel, nested, merge, offsetUnit, longText, nobodyWaits);
    }

    Priority priority() {
        return bulk ? Priority.PRIORITY_BULK : Priority.PRIORITY_INTERACTIVE;
    }

    ExtractOptions toMessage() {
        return ExtractOptions.newBuilder()
                .setThreshold(threshold)
                .setMultiLabel(multiLabel)
                .setFlatNer(!nested)
                .setMergePolicy(merge)
                .setOffsetUnit(offsetUnit)
                .setLongText(longText)
                .build();
    }
}
