package io.nuner.engine.trt.plan;

import static io.nuner.engine.trt.plan.Keys.DEVICE;
import static io.nuner.engine.trt.plan.Keys.MODEL;
import static io.nuner.engine.trt.plan.Keys.OPTIONS;
import static io.nuner.engine.trt.plan.Keys.PROFILES;
import static io.nuner.engine.trt.plan.Keys.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.GraphWeight;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.profile.ProfileSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanKeyTest {
    private static final PlanKey BASE = Keys.some();

    static Stream<Arguments> changes() {
        return Stream.of(
                change("model.sha256", model("f", "b", "c", "1", Precision.FP16)),
                change("model.encoder", model("a", "f", "c", "1", Precision.FP16)),
                change("model.head", model("a", "b", "f", "1", Precision.FP16)),
                change("model.typing", model("a", "b", "c", "2", Precision.FP16)),
                change("model.precision", model("a", "b", "c", "1", Precision.BF16)),
                change("builder.profiles", profiles(List.of(32, 96, 128), 16, 4096, 25)),
                change("builder.profiles builder.limits", profiles(List.of(32, 64, 128), 17, 4096, 25)),
                change("builder.profiles builder.limits", profiles(List.of(32, 64, 128), 16, 1024, 25)),
                change("builder.limits", profiles(List.of(32, 64, 128), 16, 4096, 26)),
                change("builder.optimization_level", options(PROFILES, 4, "none", "TF32", "DIRECT_IO")),
                change("builder.hardware_compatibility", options(PROFILES, 3, "ampere_plus", "TF32", "DIRECT_IO")),
                change("builder.flags", options(PROFILES, 3, "none", "TF32")),
                change("target.tensorrt", on("11.2.1.3", "linux-amd64", "sm90")),
                change("target.gpu", device("NVIDIA H100", "9.0", 132, 150_000_000_000L)),
                change("target.compute_capability", device("NVIDIA H200", "9.1", 132, 150_000_000_000L)),
                change("target.multiprocessors", device("NVIDIA H200", "9.0", 114, 150_000_000_000L)),
                change("target.memory_gib", device("NVIDIA H200", "9.0", 132, 80_000_000_000L)),
                change("target.platform", on("11.2.1.2", "linux-aarch64", "sm90")),
                change("target.builder_resource", on("11.2.1.2", "linux-amd64", "ptx")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changingOnePartChangesThatPartAndTheKey(String parts, PlanKey changed) {
        Set<String> differing = new HashSet<>();
        BASE.parts().forEach((name, value) -> {
            if (!value.equals(changed.parts().get(name))) {
                differing.add(name);
            }
        });

        assertThat(differing).containsExactlyInAnyOrder(parts.split(" ", -1));
        assertThat(changed.hex()).hasSize(64).isNotEqualTo(BASE.hex());
    }

    @Test
    void aDriverThatKeepsALittleMoreMemoryForItselfMakesNoDifference() {
        PlanKey before = device("NVIDIA A100", "8.0", 108, 85_097_971_712L);
        PlanKey after = device("NVIDIA A100", "8.0", 108, 84_987_740_160L);

        assertThat(after.hex()).isEqualTo(before.hex());
    }

    @Test
    void everyPartIsChangedByOneOfTheseTests() {
        Set<String> changed = new HashSet<>(Set.of("format"));
        changes()
                .forEach(change ->
                        changed.addAll(List.of(String.valueOf(change.get()[0]).split(" ", -1))));

        assertThat(changed).isEqualTo(BASE.parts().keySet());
    }

    @Test
    void neitherTheOrderOfFlagsNorTheDriverNorTheNumberOfTheGpuMakesADifference() {
        Set<String> reversed = new LinkedHashSet<>(List.of("DIRECT_IO", "TF32"));
        PlanKey.Options options = new PlanKey.Options(PROFILES, 3, "none", reversed);
        PlanKey.Target other = target(
                "11.2.1.2",
                new DeviceInfo(3, "NVIDIA H200", "9.0", 132, 150_000_000_000L, "14.2"),
                "linux-amd64",
                "sm90");

        PlanKey key = PlanKey.of(MODEL, options, other);

        assertThat(key.hex()).isEqualTo(BASE.hex());
        assertThat(key.notes()).isEqualTo(Map.of("driver", "14.2"));
    }

    @Test
    void partsThatReadTheSameWhenRunTogetherMakeOtherKeys() {
        String first = PlanKey.hash(new TreeMap<>(Map.of("a", "bc", "d", "e")));
        String second = PlanKey.hash(new TreeMap<>(Map.of("a", "b", "cd", "e")));

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void theGraphsCountAndTheirWeightsDoNot() {
        PlanKey.Model before = PlanKey.Model.of(graphs("head", List.of()), "1", Precision.FP16);
        GraphWeight weight = new GraphWeight("w", List.of(1L), ByteBuffer.allocate(4));

        PlanKey.Model withWeights = PlanKey.Model.of(graphs("head", List.of(weight)), "1", Precision.FP16);
        PlanKey.Model withOtherHead = PlanKey.Model.of(graphs("other head", List.of()), "1", Precision.FP16);

        assertThat(withWeights).isEqualTo(before);
        assertThat(withOtherHead.encoderSha256()).isEqualTo(before.encoderSha256());
        assertThat(withOtherHead.headSha256()).isNotEqualTo(before.headSha256());
    }

    @Test
    void theKeyStaysWhatItIs() {
        // Changing how keys are made orphans every stored plan; then count the format up.
        Map<String, String> parts = new HashMap<>(BASE.parts());

        assertThat(parts).containsEntry("builder.flags", "DIRECT_IO,TF32").containsEntry("format", "2");
        assertThat(parts.get("builder.profiles"))
                .isEqualTo("S32,B16,T512@S32,B12,T384,M192 S64,B8,T512@S64,B1,T48,M24 S64,B16,T1024@S64,B12,T768,M384"
                        + " S128,B8,T1024@S128,B1,T96,M48 S128,B16,T2048@S128,B12,T1536,M768");
    }

    private static ModelGraphs graphs(String head, List<GraphWeight> weights) {
        return new ModelGraphs(graph("encoder", weights), graph(head, weights), 1, 10, 512, "a", List::of);
    }

    private static ModelGraph graph(String content, List<GraphWeight> weights) {
        return new ModelGraph(Path.of("graph"), content.getBytes(StandardCharsets.UTF_8), weights, () -> {});
    }

    private static Arguments change(String parts, PlanKey key) {
        return Arguments.of(parts, key);
    }

    private static PlanKey model(String sha256, String encoder, String head, String typing, Precision precision) {
        PlanKey.Model model =
                new PlanKey.Model(sha256.repeat(64), encoder.repeat(64), head.repeat(64), typing, precision);
        return PlanKey.of(model, OPTIONS, TARGET);
    }

    private static PlanKey profiles(List<Integer> rowLengths, int rows, int batchTokens, int labels) {
        return options(
                ProfileSet.of(rowLengths, new EngineLimits(rows, 512, batchTokens, labels)),
                3,
                "none",
                "TF32",
                "DIRECT_IO");
    }

    private static PlanKey options(ProfileSet profiles, int level, String compatibility, String... flags) {
        return PlanKey.of(MODEL, new PlanKey.Options(profiles, level, compatibility, Set.of(flags)), TARGET);
    }

    private static PlanKey device(String name, String capability, int multiprocessors, long memoryBytes) {
        DeviceInfo device = new DeviceInfo(0, name, capability, multiprocessors, memoryBytes, "13.0");
        return PlanKey.of(MODEL, OPTIONS, target("11.2.1.2", device, "linux-amd64", "sm90"));
    }

    private static PlanKey on(String version, String platform, String resource) {
        return PlanKey.of(MODEL, OPTIONS, target(version, DEVICE, platform, resource));
    }

    private static PlanKey.Target target(String version, DeviceInfo device, String platform, String resource) {
        return new PlanKey.Target(version, device, platform, resource);
    }
}
