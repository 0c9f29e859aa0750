package io.nuner.cli.common;

import io.nuner.v1.LabelOverflow;
import java.util.Locale;

/** What {@code --label-overflow} takes. */
enum Overflow {
    REJECT(LabelOverflow.LABEL_OVERFLOW_REJECT),
    SPLIT(LabelOverflow.LABEL_OVERFLOW_SPLIT);

    private final LabelOverflow policy;

    Overflow(LabelOverflow policy) {
        this.policy = policy;
    }

    LabelOverflow policy() {
        return policy;
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
