package io.nuner.engine.trt.plan;

import io.nuner.engine.EncoderSize;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.profile.Cell;
import io.nuner.engine.trt.profile.CellSet;
import io.nuner.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
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
    /** Changes when the same parts come to mean something else. */
    private static final String FORMAT = "1";

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
    public static PlanKey of(PlanModel model, PlanOptions options, PlanTarget target) {
        SortedMap<String, String> parts = new TreeMap<>();
        parts.put("format", FORMAT);
        addModel(parts, model);
        addOptions(parts, options);
        addTarget(parts, target);
        return new PlanKey(parts, new TreeMap<>(Map.of("driver", target.device().driver())));
    }

    private static void addModel(Map<String, String> parts, PlanModel model) {
        parts.put("model.sha256", model.sha256());
        parts.put("model.encoder", model.encoderSha256());
        parts.put("model.head", model.headSha256());
        parts.put("model.typing", model.typing());
        parts.put("model.precision", model.precision().key());
    }

    private static void addOptions(Map<String, String> parts, PlanOptions options) {
        parts.put("builder.cells", cells(options.cells()));
        parts.put("builder.limits", limits(options.cells().limits()));
        parts.put("builder.optimization_level", Integer.toString(options.optimizationLevel()));
        parts.put("builder.hardware_compatibility", options.hardwareCompatibility());
        parts.put("builder.flags", String.join(",", new TreeSet<>(options.builderFlags())));
    }

    private static void addTarget(Map<String, String> parts, PlanTarget target) {
        DeviceInfo device = target.device();
        parts.put("target.tensorrt", target.tensorRtVersion());
        parts.put("target.gpu", device.name());
        parts.put("target.compute_capability", device.computeCapability());
        parts.put("target.multiprocessors", Integer.toString(device.multiprocessors()));
        parts.put("target.memory_gib", Long.toString(Math.round(device.memoryBytes() / GIB)));
        parts.put("target.platform", target.platform());
        parts.put("target.builder_resource", target.builderResource());
    }

    private static String cells(CellSet cells) {
        return cells.cells().stream().map(PlanKey::cell).collect(Collectors.joining(" "));
    }

    private static String cell(Cell cell) {
        EncoderSize typical = cell.typical();
        return "S" + cell.rowLength() + ",B" + cell.maxRows() + ",T" + cell.maxTokens() + "@S" + typical.rowLength()
                + ",B" + typical.rows() + ",T" + typical.tokens() + ",M" + typical.needed();
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
}
