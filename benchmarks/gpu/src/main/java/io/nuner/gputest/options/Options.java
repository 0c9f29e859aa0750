package io.nuner.gputest.options;

import com.google.gson.JsonObject;
import io.nuner.engine.CompileSettings.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * What was asked for. Immutable.
 *
 * @param engine name of the engine under test; {@code onnx} rehearses without a GPU
 * @param build what is built
 * @param out directory of results and logs
 * @param work directory of weights, export and plans, which a later run uses again
 * @param libraries directory of TensorRT's and CUDA's libraries, if they are not the system's
 * @param times how long things may take
 * @param parityTexts texts compared with the CPU engine at most
 * @param only stages to run
 * @param python command that may have torch
 * @param javaOptions further options of each stage's Java virtual machine
 */
public record Options(
        String engine,
        BuildOptions build,
        Path out,
        Path work,
        Optional<Path> libraries,
        Times times,
        int parityTexts,
        Set<Stage> only,
        String python,
        List<String> javaOptions) {
    private static final String REHEARSAL_ENGINE = "onnx";

    public Options {
        only = Set.copyOf(only);
        javaOptions = List.copyOf(javaOptions);
    }

    /**
     * Options from words: {@code --name value} or {@code --name=value}; of one given twice the last counts.
     *
     * @throws IllegalArgumentException naming the option and what it takes
     */
    public static Options parse(List<String> words) {
        Given given = new Given();
        CommandLine line = new CommandLine(given);
        line.setOverwrittenOptionsAllowed(true).setCaseInsensitiveEnumValuesAllowed(true);
        try {
            line.parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return given.options();
    }

    /** True if this runs on the CPU, to rehearse. */
    public boolean isRehearsal() {
        return engine.equals(REHEARSAL_ENGINE);
    }

    /** True if the aims of the large model on a GPU apply. */
    public boolean areAimsMeant() {
        return !isRehearsal() && build.shape() == TestedModel.LARGE;
    }

    /** The options as they stand in the results. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("engine", engine);
        json.addProperty("shape", build.shape().key());
        json.addProperty("precision", build.precision().key());
        json.addProperty("profiles", build.profiles().toString());
        json.addProperty("batchTokens", build.batchTokens());
        json.addProperty("lanes", build.lanes());
        json.addProperty("seed", build.seed());
        json.addProperty("minutes", times.minutes());
        json.addProperty("soakMinutes", times.soakMinutes());
        json.addProperty("libraries", libraries.map(Path::toString).orElse("the system's"));
        json.addProperty("javaOptions", String.join(" ", javaOptions));
        return json;
    }

    /** A short name for the weights that these options lead to. */
    public String modelName() {
        return String.format(Locale.ROOT, "%s-%d", build.shape().key(), build.seed());
    }

    /**
     * What is built.
     *
     * @param profiles tokens to which attention pads each row, ascending
     * @param batchTokens rows of a batch times tokens of its longest one, at most
     * @param lanes execution contexts that run at the same time
     * @param seed of the weights and of every draw
     */
    public record BuildOptions(
            TestedModel shape, Precision precision, List<Integer> profiles, int batchTokens, int lanes, long seed) {
        private static final int SHORTEST = 16;
        private static final int LONGEST = 4096;
        private static final int TYPICAL = 128;

        public BuildOptions {
            profiles = List.copyOf(profiles);
            int last = 0;
            for (int profile : profiles) {
                within("--profiles", profile, SHORTEST, LONGEST);
                if (profile <= last) {
                    throw new IllegalArgumentException("--profiles must ascend, but was " + profiles);
                }
                last = profile;
            }
            if (batchTokens < last) {
                throw new IllegalArgumentException("--batch-tokens must be at least the longest of --profiles, " + last
                        + ", but was " + batchTokens);
            }
            within("--lanes", lanes, 1, 16);
            within("--seed", (double) seed, 0, Integer.MAX_VALUE);
        }

        /** Tokens of the longest row. */
        public int longestRow() {
            return profiles.get(profiles.size() - 1);
        }

        /** The one profile that is built where there is no time for more. */
        public int typicalProfile() {
            return profiles.contains(TYPICAL) ? TYPICAL : profiles.get(0);
        }
    }

    /**
     * How long things may take.
     *
     * @param minutes for all stages together, without a soak of a given length
     * @param soakMinutes of the soak; 0 gives it what is left
     * @param limitSeconds of one stage, for its own process; 0 elsewhere
     */
    public record Times(double minutes, double soakMinutes, double limitSeconds) {
        private static final int DAY_MINUTES = 24 * 60;

        public Times {
            within("--minutes", minutes, 0.05, DAY_MINUTES);
            within("--soak-minutes", soakMinutes, 0, DAY_MINUTES);
            within("--limit-seconds", limitSeconds, 0, DAY_MINUTES * 60);
        }
    }

    private static void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s must be from %s to %s, but was %s"
                    .formatted(name, shortest(least), shortest(most), shortest(value)));
        }
    }

    private static String shortest(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** The options as they are given; their meaning: run.sh. */
    private static final class Given {
        private static final int BATCH_TOKENS = 16_384;
        private static final int REHEARSAL_BATCH_TOKENS = 2048;

        @Option(names = "--engine", defaultValue = "tensorrt")
        private String engine = "";

        @Option(names = "--shape", defaultValue = "large")
        private TestedModel shape = TestedModel.LARGE;

        @Option(names = "--precision", defaultValue = "fp16")
        private Precision precision = Precision.FP16;

        @Option(names = "--profiles", defaultValue = "64,128,384,512")
        private String profiles = "";

        @Option(names = "--batch-tokens", defaultValue = "0")
        private int batchTokens;

        @Option(names = "--lanes", defaultValue = "2")
        private int lanes;

        @Option(names = "--seed", defaultValue = "7")
        private long seed;

        @Option(names = "--out", required = true, paramLabel = "DIR")
        private Path out = Path.of("");

        @Option(names = "--work")
        private @Nullable Path work;

        @Option(names = "--libs")
        private @Nullable Path libraries;

        @Option(names = "--minutes", defaultValue = "8")
        private double minutes;

        @Option(names = "--soak-minutes", defaultValue = "0")
        private double soakMinutes;

        @Option(names = "--limit-seconds", defaultValue = "0")
        private double limitSeconds;

        @Option(names = "--parity-texts", defaultValue = "1000")
        private int parityTexts;

        @Option(names = "--only", defaultValue = "")
        private String only = "";

        @Option(names = "--python", defaultValue = "python3")
        private String python = "";

        @Option(names = "--java-opts", defaultValue = "")
        private String javaOptions = "";

        Options options() {
            within("--parity-texts", parityTexts, 1, 100_000);
            return new Options(
                    engine,
                    new BuildOptions(shape, precision, profiles(), batchTokens(), lanes, seed),
                    out.toAbsolutePath(),
                    (work == null ? out.resolve("work") : work).toAbsolutePath(),
                    Optional.ofNullable(libraries).map(Path::toAbsolutePath),
                    new Times(minutes, soakMinutes, limitSeconds),
                    parityTexts,
                    stages(),
                    python,
                    parts(javaOptions, " ").toList());
        }

        private List<Integer> profiles() {
            List<Integer> lengths;
            try {
                lengths = parts(profiles, ",").map(Integer::valueOf).toList();
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("--profiles must be whole numbers, but was " + profiles, e);
            }
            if (lengths.isEmpty()) {
                throw new IllegalArgumentException("--profiles must not be empty");
            }
            return lengths;
        }

        private int batchTokens() {
            within("--batch-tokens", batchTokens, 0, 1 << 20);
            int usual = engine.equals(REHEARSAL_ENGINE) ? REHEARSAL_BATCH_TOKENS : BATCH_TOKENS;
            return batchTokens > 0 ? batchTokens : usual;
        }

        private Set<Stage> stages() {
            Set<Stage> stages = EnumSet.noneOf(Stage.class);
            parts(only, ",").map(Stage::of).forEach(stages::add);
            return stages.isEmpty() ? EnumSet.allOf(Stage.class) : stages;
        }

        private static Stream<String> parts(String text, String separator) {
            return Arrays.stream(text.split(separator, -1))
                    .filter(part -> !part.isBlank())
                    .map(String::strip);
        }
    }
}
