package io.nuner.engine.trt.plan;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.profile.Profile;
import io.nuner.engine.trt.profile.ProfileSet;
import io.nuner.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a plan depends on, in named parts, and the SHA-256 over them that names the plan. Immutable.
 *
 * <p>Equal parts make equal keys on every machine: parts are sorted by name, and names and values are hashed with their
 * lengths. The driver's version is recorded beside them and makes no difference, since plans run on later drivers.
 */
public final class PlanKey {
    /** Counted up when the same parts come to mean something else, or files of a plan are written otherwise. */
    private static final String FORMAT = "2";

    /** Drivers differ in how much of a GPU's memory they keep for themselves. */
    private static final double GIB = 1L << 30;

    private final SortedMap<String, String> parts;
    private final SortedMap<String, String> notes;
    private final String hex;

    private PlanKey(SortedMap<String, String> parts, SortedMap<String, String> notes) {
        this.parts = Collections.unmodifiableSortedMap(parts);
        this.notes = Collections.unmodifiableSortedMap(notes);
        this.hex = hash(parts);
    }

    /** The key of a plan. */
    public static PlanKey of(Model model, Options options, Target target) {
        SortedMap<String, String> parts = new TreeMap<>();
        parts.put("format", FORMAT);
        addModel(parts, model);
        addOptions(parts, options);
        addTarget(parts, target);
        return new PlanKey(parts, new TreeMap<>(Map.of("driver", target.device().driver())));
    }

    private static void addModel(Map<String, String> parts, Model model) {
        parts.put("model.sha256", model.sha256());
        parts.put("model.encoder", model.encoderSha256());
        parts.put("model.head", model.headSha256());
        parts.put("model.typing", model.typing());
        parts.put("model.precision", model.precision().key());
    }

    private static void addOptions(Map<String, String> parts, Options options) {
        parts.put("builder.profiles", profiles(options.profiles()));
        parts.put("builder.limits", limits(options.profiles().limits()));
        parts.put("builder.optimization_level", Integer.toString(options.optimizationLevel()));
        parts.put("builder.hardware_compatibility", options.hardwareCompatibility());
        parts.put("builder.flags", String.join(",", new TreeSet<>(options.builderFlags())));
    }

    private static void addTarget(Map<String, String> parts, Target target) {
        DeviceInfo device = target.device();
        parts.put("target.tensorrt", target.tensorRtVersion());
        parts.put("target.gpu", device.name());
        parts.put("target.compute_capability", device.computeCapability());
        parts.put("target.multiprocessors", Integer.toString(device.multiprocessors()));
        parts.put("target.memory_gib", Long.toString(Math.round(device.memoryBytes() / GIB)));
        parts.put("target.platform", target.platform());
        parts.put("target.builder_resource", target.builderResource());
    }

    private static String profiles(ProfileSet profiles) {
        return profiles.all().stream().map(PlanKey::profile).collect(Collectors.joining(" "));
    }

    private static String profile(Profile profile) {
        EncoderSize typical = profile.typical();
        return "S" + profile.rowLength() + ",B" + profile.maxRows() + ",T" + profile.maxTokens() + "@S"
                + typical.rowLength() + ",B" + typical.rows() + ",T" + typical.tokens() + ",M" + typical.needed();
    }

    private static String limits(EngineLimits limits) {
        return "rows=" + limits.maxRows() + " row_tokens=" + limits.maxRowTokens() + " batch_tokens="
                + limits.maxBatchTokens() + " labels=" + limits.maxLabels();
    }

    /** The key of parts that were read from a file. */
    static String hash(SortedMap<String, String> parts) {
        Sha256 digest = new Sha256();
        addNumber(digest, parts.size());
        parts.forEach((name, value) -> {
            addText(digest, name);
            addText(digest, value);
        });
        return digest.hex();
    }

    /** Adds a text such that no two sequences of texts add the same bytes. */
    private static void addText(Sha256 digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        addNumber(digest, bytes.length);
        digest.add(bytes);
    }

    private static void addNumber(Sha256 digest, int number) {
        digest.add(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    /** The key: 64 lower-case hexadecimal digits. */
    public String hex() {
        return hex;
    }

    /** Everything that makes the key, by name. */
    public SortedMap<String, String> parts() {
        return parts;
    }

    /** What is recorded with a plan and makes no difference. */
    public SortedMap<String, String> notes() {
        return notes;
    }

    /**
     * The model of a plan, as far as it decides what the plan holds. Immutable.
     *
     * @param sha256 names the exported model with all its files, weights included
     * @param encoderSha256 of the encoder's graph, without its weights
     * @param headSha256 of the head's graph, without its weights
     * @param typing version of what types the graphs
     * @param precision type of the products
     */
    public record Model(String sha256, String encoderSha256, String headSha256, String typing, Precision precision) {
        /**
         * What a model's plans depend on.
         *
         * @param typing changes whenever the same graph is typed otherwise
         */
        public static Model of(ModelGraphs graphs, String typing, Precision precision) {
            return new Model(graphs.sha256(), sha256(graphs.encoder()), sha256(graphs.head()), typing, precision);
        }

        private static String sha256(ModelGraph graph) {
            return Sha256.of(ByteBuffer.wrap(graph.onnx()));
        }
    }

    /**
     * What the builder was asked for. Immutable.
     *
     * @param profiles the optimization profiles, in their order
     * @param optimizationLevel effort of the builder, 0 to 5
     * @param hardwareCompatibility on which other GPUs the plan may run, e.g. {@code none}
     * @param builderFlags flags set, by name; their order means nothing
     */
    public record Options(
            ProfileSet profiles, int optimizationLevel, String hardwareCompatibility, Set<String> builderFlags) {
        public Options {
            builderFlags = Set.copyOf(builderFlags);
        }
    }

    /**
     * Where a plan is built and run. Immutable.
     *
     * @param tensorRtVersion with its build number, e.g. {@code 11.2.1.2}: plans run on the very version that built them
     * @param device the GPU
     * @param platform operating system and processor, e.g. {@code linux-amd64}
     * @param builderResource which kernels the builder could choose from, e.g. {@code sm90} or {@code ptx}: a plan built without
     *     those of the GPU is slower and must not pass for a full one
     */
    public record Target(String tensorRtVersion, DeviceInfo device, String platform, String builderResource) {
        /** On the machine that this process runs on. */
        public static Target here(String tensorRtVersion, DeviceInfo device, String builderResource) {
            String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
            return new Target(tensorRtVersion, device, platform.toLowerCase(Locale.ROOT), builderResource);
        }

        /** The version and the GPU in letters, digits, dots and hyphens, for a file name. */
        String fileName() {
            return (tensorRtVersion + "-" + device.name() + "-" + device.computeCapability())
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9.-]+", "-");
        }
    }
}
