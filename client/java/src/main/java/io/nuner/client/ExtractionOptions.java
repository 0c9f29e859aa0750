package io.nuner.client;

import io.nuner.v1.ExtractOptions;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import io.nuner.v1.WordSplitting;

/**
 * How to decode, and how urgent that is. Immutable; made by {@link #builder()}.
 *
 * @param decoding as the server is told
 * @param bulk whether nobody waits for the answer, so that the server may do what others wait for first
 */
public record ExtractionOptions(ExtractOptions decoding, boolean bulk) {
    /** The server's defaults, but offsets count UTF-16 units, so that they fit {@link String#substring}. */
    public static final ExtractionOptions DEFAULTS = new ExtractionOptions(
            ExtractOptions.newBuilder()
                    .setThreshold(0.5f)
                    .setFlatNer(true)
                    .setOffsetUnit(OffsetUnit.OFFSET_UNIT_UTF16_UNIT)
                    .build(),
            false);

    public ExtractionOptions {
        requireProbability("threshold", decoding.getThreshold());
    }

    /** Begins with {@link #DEFAULTS}. */
    public static Builder builder() {
        return DEFAULTS.toBuilder();
    }

    /** Begins with these. */
    public Builder toBuilder() {
        return new Builder(decoding.toBuilder(), bulk);
    }

    static void requireProbability(String what, float value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " must be in [0, 1], but was " + value);
        }
    }

    /** True if a server that does not know all of these would ignore one silently. */
    boolean needNewServer() {
        return decoding.getWordSplitting() == WordSplitting.WORD_SPLITTING_UNICODE
                || decoding.getLabelOverflow() == LabelOverflow.LABEL_OVERFLOW_SPLIT;
    }

    /** A request for these labels that lacks its text only. */
    io.nuner.v1.ExtractRequest request(Labels labels) {
        return labels.toRequest()
                .setOptions(decoding)
                .setPriority(bulk ? Priority.PRIORITY_BULK : Priority.PRIORITY_INTERACTIVE)
                .build();
    }

    /** Makes options. One thread at a time. */
    public static final class Builder {
        private final ExtractOptions.Builder decoding;
        private boolean bulk;

        private Builder(ExtractOptions.Builder decoding, boolean bulk) {
            this.decoding = decoding;
            this.bulk = bulk;
        }

        /** An entity needs a score above this, in [0, 1]; a label option may have a threshold of its own. */
        public Builder threshold(float score) {
            requireProbability("threshold", score);
            decoding.setThreshold(score);
            return this;
        }

        /** Whether one span may have several labels. */
        public Builder multiLabel(boolean allowed) {
            decoding.setMultiLabel(allowed);
            return this;
        }

        /** Whether entities may stand inside entities. */
        public Builder nested(boolean permitted) {
            decoding.setFlatNer(!permitted);
            return this;
        }

        /** Which neighbouring entities of one label are joined: CONSECUTIVE for lists; UNSPECIFIED leaves it to the model. */
        public Builder merge(MergePolicy policy) {
            decoding.setMergePolicy(policy);
            return this;
        }

        /** The unit of {@link Entity#start()} and {@link Entity#end()}. */
        public Builder offsetUnit(OffsetUnit unit) {
            decoding.setOffsetUnit(unit);
            return this;
        }

        /** What to do with a text of more words than the model reads at once; UNSPECIFIED leaves it to the server. */
        public Builder longText(LongTextPolicy policy) {
            decoding.setLongText(policy);
            return this;
        }

        /** What to do with labels that leave too little room for text. */
        public Builder labelOverflow(LabelOverflow policy) {
            decoding.setLabelOverflow(policy);
            return this;
        }

        /** Where words begin and end: UNICODE for languages that put no blanks between words. */
        public Builder wordSplitting(WordSplitting splitting) {
            decoding.setWordSplitting(splitting);
            return this;
        }

        /** Whether nobody waits for the answer. */
        public Builder bulk(boolean nobodyWaits) {
            bulk = nobodyWaits;
            return this;
        }

        public ExtractionOptions build() {
            return new ExtractionOptions(decoding.build(), bulk);
        }
    }
}
