package io.nuner.cli.common;

import io.nuner.v1.MergePolicy;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --merge} takes. */
public enum MergeRule {
    NONE(MergePolicy.MERGE_POLICY_NONE, "false"),
    ADJACENT(MergePolicy.MERGE_POLICY_ADJACENT, "true"),
    CONSECUTIVE(MergePolicy.MERGE_POLICY_CONSECUTIVE, "");

    private final MergePolicy policy;
    private final String asSwitch;

    MergeRule(MergePolicy policy, String asSwitch) {
        this.policy = policy;
        this.asSwitch = asSwitch;
    }

    public MergePolicy policy() {
        return policy;
    }

    /** The arguments with a rule added to a bare {@code --merge}, so that it does not take the next word as its rule. */
    public static String[] spelledOut(String... arguments) {
        String[] all = arguments.clone();
        for (int i = 0; i < all.length && !all[i].equals("--"); i++) {
            if (all[i].equals("--merge")) {
                all[i] = "--merge=" + ADJACENT;
            }
        }
        return all;
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a rule; {@code true} and {@code false} are those of an option that is a mere switch. */
    static final class Reader implements ITypeConverter<MergeRule> {
        @Override
        public MergeRule convert(String value) {
            String word = value.toLowerCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(rule -> word.equals(rule.toString()) || (word.equals(rule.asSwitch) && !word.isEmpty()))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("must be none, adjacent or consecutive"));
        }
    }
}
