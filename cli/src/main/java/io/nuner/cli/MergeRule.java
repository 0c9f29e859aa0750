package io.nuner.cli;

import io.nuner.v1.MergePolicy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** What {@code --merge} takes. */
enum MergeRule {
    NONE(MergePolicy.MERGE_POLICY_NONE, "false"),
    ADJACENT(MergePolicy.MERGE_POLICY_ADJACENT, "true"),
    CONSECUTIVE(MergePolicy.MERGE_POLICY_CONSECUTIVE, "");

    /** What the bare option means. */
    static final String BARE = "adjacent";

    private final MergePolicy policy;
    private final String asSwitch;

    MergeRule(MergePolicy policy, String asSwitch) {
        this.policy = policy;
        this.asSwitch = asSwitch;
    }

    MergePolicy policy() {
        return policy;
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

    /** Keeps the option from taking the text behind it for its rule: a rule stands behind an equals sign. */
    static final class Attached implements IParameterPreprocessor {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's signature
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> parsed) {
            if (!"=".equals(parsed.get("separator"))) {
                arguments.push(BARE);
            }
            return false;
        }
    }
}
