package io.nuner.server.rpc;

import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.Merging;
import io.nuner.model.text.OffsetUnit;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;

/**
 * A caller's options with every default filled in. Immutable.
 *
 * @param decode how logits become entities
 * @param unit what offsets count
 * @param truncate whether words beyond the limit are left out rather than refused
 */
record Choices(DecodeOptions decode, OffsetUnit unit, boolean truncate) {
    private static final float DEFAULT_THRESHOLD = 0.5f;

    /** Reads checked options. */
    static Choices of(ExtractOptions options, MergePolicy defaultMerge) {
        DecodeOptions decode = new DecodeOptions(
                options.hasThreshold() ? options.getThreshold() : DEFAULT_THRESHOLD,
                options.getMultiLabel(),
                !options.hasFlatNer() || options.getFlatNer(),
                merging(options, defaultMerge));
        return new Choices(decode, unit(options), options.getLongText() == LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
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
}
