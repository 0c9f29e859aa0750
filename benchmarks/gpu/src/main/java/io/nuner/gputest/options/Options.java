package io.nuner.gputest.options;

import com.google.gson.JsonObject;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.gputest.weights.ModelShape;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("--engine", "tensorrt"),
            Map.entry("--shape", "large"),
            Map.entry("--precision", "fp16"),
            Map.entry("--profiles", "64,128,384,512"),
            Map.entry("--batch-tokens", "0"),
            Map.entry("--lanes", "2"),
            Map.entry("--seed", "7"),
            Map.entry("--out", ""),
            Map.entry("--work", ""),
            Map.entry("--libs", ""),
            Map.entry("--minutes", "8"),
            Map.entry("--soak-minutes", "0"),
            Map.entry("--limit-seconds", "0"),
            Map.entry("--parity-texts", "1000"),
            Map.entry("--only", ""),
            Map.entry("--python", "python3"),
            Map.entry("--java-opts", ""));

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
        Words given = Words.parse(words, DEFAULTS);
        Path out = given.path("--out").orElseThrow(() -> new IllegalArgumentException("--out DIR is missing"));
        return new Options(
                given.text("--engine"),
                BuildOptions.of(given),
                out,
                given.path("--work").orElse(out.resolve("work")),
                given.path("--libs"),
                Times.of(given),
                given.number("--parity-texts", 1, 100_000),
                stages(given.text("--only")),
                given.text("--python"),
                given.list("--java-opts", " "));
    }

    private static Set<Stage> stages(String ids) {
        if (ids.isEmpty()) {
            return EnumSet.allOf(Stage.class);
        }
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        for (String id : ids.split(",", -1)) {
            stages.add(Stage.of(id.strip()));
        }
        return stages;
    }

    /** True if this runs on the CPU, to rehearse. */
    public boolean isRehearsal() {
        return engine.equals(REHEARSAL_ENGINE);
    }

    /** True if the aims of the large model on a GPU apply. */
    public boolean areAimsMeant() {
        return !isRehearsal() && build.shape() == ModelShape.LARGE;
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

    /**
     * What is built.
     *
     * @param profiles tokens to which attention pads each row, ascending
     * @param batchTokens rows of a batch times tokens of its longest one, at most
     * @param lanes execution contexts that run at the same time
     * @param seed of the weights and of every draw
     */
    public record BuildOptions(
            ModelShape shape, Precision precision, List<Integer> profiles, int batchTokens, int lanes, long seed) {
        private static final int LONGEST = 4096;
        private static final int TYPICAL = 128;
        private static final int BATCH_TOKENS = 16_384;
        private static final int REHEARSAL_BATCH_TOKENS = 2048;

        public BuildOptions {
            profiles = List.copyOf(profiles);
            int longest = profiles.get(profiles.size() - 1);
            if (batchTokens < longest) {
                throw new IllegalArgumentException("--batch-tokens must be at least the longest of --profiles, "
                        + longest + ", but was " + batchTokens);
            }
        }

        static BuildOptions of(Words given) {
            return new BuildOptions(
                    ModelShape.named(given.text("--shape")),
                    precision(given.text("--precision")),
                    given.numbers("--profiles", 16, LONGEST),
                    batchTokens(given),
                    given.number("--lanes", 1, 16),
                    given.number("--seed", 0, Integer.MAX_VALUE));
        }

        private static int batchTokens(Words given) {
            int asked = given.number("--batch-tokens", 0, 1 << 20);
            boolean rehearsal = given.text("--engine").equals(REHEARSAL_ENGINE);
            return asked > 0 ? asked : rehearsal ? REHEARSAL_BATCH_TOKENS : BATCH_TOKENS;
        }

        private static Precision precision(String name) {
            for (Precision precision : Precision.values()) {
                if (precision.key().equals(name)) {
                    return precision;
                }
            }
            throw new IllegalArgumentException("--precision must be fp16 or bf16, but was " + name);
        }

        /** Tokens of the longest row. */
        public int longestRow() {
            return profiles.get(profiles.size() - 1);
        }

        /** The profile that most is said about, where there is time for one only. */
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
        static Times of(Words given) {
            return new Times(
                    given.amount("--minutes", 0.05, 24 * 60),
                    given.amount("--soak-minutes", 0, 24 * 60),
                    given.amount("--limit-seconds", 0, 24 * 3600));
        }
    }

    /** A short name for the weights that these options lead to. */
    public String modelName() {
        return String.format(Locale.ROOT, "%s-%d", build.shape().key(), build.seed());
    }
}
