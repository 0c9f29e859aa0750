package io.nuner.cli.common;

import io.nuner.v1.LongTextPolicy;
import java.util.Locale;

/** What {@code --long-text} takes. */
public enum LongText {
    WINDOW(LongTextPolicy.LONG_TEXT_POLICY_WINDOW),
    REJECT(LongTextPolicy.LONG_TEXT_POLICY_REJECT),
    TRUNCATE(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);

    private final LongTextPolicy policy;

    LongText(LongTextPolicy policy) {
        this.policy = policy;
    }

    LongTextPolicy policy() {
        return policy;
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
