package io.nuner.cli.common;

import io.nuner.v1.MergePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /** The arguments with a rule joined to a bare {@code --merge}: the next word if it names one, else it is a text. */
    public static String[] spelledOut(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        for (int i = 0; i < all.size() && !all.get(i).equals("--"); i++) {
            if (all.get(i).equals("--merge")) {
                boolean named = i + 1 < all.size() && names(all.get(i + 1));
                all.set(i, "--merge=" + (named ? all.remove(i + 1) : ADJACENT));
            }
        }
        return all.toArray(String[]::new);
    }

    private static boolean names(String word) {
        return Arrays.stream(values()).anyMatch(rule -> rule.toString().equals(word));
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
