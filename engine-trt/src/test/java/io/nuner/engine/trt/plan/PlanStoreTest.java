package io.nuner.engine.trt.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.files.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanStoreTest {
    private static final PlanKey KEY = Keys.some();

    @TempDir
    private Path directory;

    private final CountedBuild build = new CountedBuild();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private PlanStore store;

    @BeforeEach
    void openStore() throws EngineException {
        store = PlanStore.of(settings());
    }

    @Test
    void aPlanIsBuiltOnceAndFoundAgain() throws EngineException {
        StoredPlan built = obtain();
        StoredPlan found = obtain();

        assertThat(build.count()).isEqualTo(1);
        assertThat(warnings).isEmpty();
        assertThat(built.directory()).isEqualTo(plan());
        assertThat(found.directory()).isEqualTo(plan());
        assertThat(text(found.encoder())).isEqualTo(CountedBuild.ENCODER);
        assertThat(text(found.head())).isEqualTo("head");
        assertThat(text(found.golden())).isEqualTo("golden");
    }

    @Test
    void whatIsHandedOutIsMappedAndCannotBeWritten() throws EngineException {
        StoredPlan plan = obtain();

        assertThat(List.of(plan.encoder(), plan.head(), plan.golden()))
                .allMatch(ByteBuffer::isDirect)
                .allMatch(ByteBuffer::isReadOnly);
    }

    @Test
    void onlyItsOwnerMayLookInside() throws Exception {
        obtain();

        assertThat(permissions(plans())).isEqualTo("rwx------");
        assertThat(permissions(plan())).isEqualTo("rwx------");
        for (Path file : entries(plan())) {
            assertThat(permissions(file)).as("%s", file).isEqualTo("rw-------");
        }
    }

    @Test
    void nothingElseTheBuilderWroteIsKept() throws Exception {
        obtain();

        assertThat(entries(plan()))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly("encoder.plan", "golden.bin", "head.plan", "plan.json");
        assertThat(entries(plans()))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly(KEY.hex(), KEY.hex() + ".lock");
    }

    @Test
    void theRecordSaysInClearWhatThePlanIs() throws Exception {
        obtain();

        PlanRecord record = PlanRecord.of(Files.readAllBytes(plan().resolve("plan.json")));
        assertThat(record.key()).isEqualTo(KEY.hex());
        assertThat(record.parts()).isEqualTo(KEY.parts()).containsEntry("target.gpu", "NVIDIA H200");
        assertThat(record.notes()).containsEntry("driver", "13.0").containsKeys("built_at", "java");
        assertThat(record.seconds()).isEqualTo(Map.of("encoder", 1.5, "head", 0.5));
        assertThat(record.files())
                .extracting(PlanRecord.ListedFile::name)
                .containsExactly("encoder.plan", "head.plan", "golden.bin");
        assertThat(record.files().get(0).bytes()).isEqualTo(CountedBuild.ENCODER.length());
    }

    @Test
    void everyKeyHasAPlanOfItsOwn() throws EngineException {
        obtain();
        StoredPlan other = store.obtain(Keys.ofModel("d".repeat(64)), build, warnings::add);

        assertThat(build.count()).isEqualTo(2);
        assertThat(other.directory()).isNotEqualTo(plan());
    }

    @Test
    void aFailedBuildLeavesNothing() throws Exception {
        EngineException failure = EngineException.cannotOpen("no kernel fits", new IllegalStateException());

        assertThatThrownBy(() -> store.obtain(
                        KEY,
                        building -> {
                            CountedBuild.write(building);
                            throw failure;
                        },
                        warnings::add))
                .isSameAs(failure);

        assertThat(entries(plans())).containsExactly(plans().resolve(KEY.hex() + ".lock"));
        obtain();
        assertThat(build.count()).isEqualTo(1);
    }

    @Test
    void aBuildThatForgotAFileIsNotStored() throws Exception {
        PlanStore.Build forgetful = building -> {
            CountedBuild.write(building);
            assertThat(building.resolve("head.plan").toFile().delete()).isTrue();
            return Map.of();
        };

        assertThatThrownBy(() -> store.obtain(KEY, forgetful, warnings::add))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("head.plan was not built");
        assertThat(plan()).doesNotExist();
    }

    @Test
    void whatAKilledBuilderLeftIsClearedByTheNext() throws Exception {
        obtain();
        FileTree.delete(plan());
        Path leftover = Files.createDirectory(plans().resolve("." + KEY.hex() + ".killed"));
        Files.writeString(leftover.resolve("encoder.plan"), "half");

        obtain();

        assertThat(leftover).doesNotExist();
    }

    @Test
    void aSoundPlanIsUsedWithoutWritingAnything() throws Exception {
        obtain();
        Files.delete(plans().resolve(KEY.hex() + ".lock"));
        SortedMap<Path, Object> before = tree();

        obtain();

        assertThat(build.count()).isEqualTo(1);
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void theReportOnParityIsNotNeededAndNotTrusted() throws Exception {
        StoredPlan plan = obtain();
        store.report(plan, new ParityReport("onnx 1.29.0", "fp16", 24, 100, 0, 1, 0.002, 0.001));
        Path report = plan().resolve("parity.json");

        assertThat(report).content().contains("\"reference\": \"onnx 1.29.0\"").contains("\"withinMargin\": 1");
        assertThat(permissions(report)).isEqualTo("rw-------");
        Files.writeString(report, "rubbish");
        obtain();
        assertThat(build.count()).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aStoreThatOthersMayWriteIsNotUsed() throws Exception {
        obtain();
        FileTree.delete(plan());
        Files.setPosixFilePermissions(plans(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(this::obtain)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(plans() + " may be written by other users");
    }

    @Test
    void aStoreThatOthersMayWriteIsNotEvenRead() throws Exception {
        obtain();
        Files.setPosixFilePermissions(plans(), PosixFilePermissions.fromString("rwxrwx---"));

        assertThatThrownBy(this::obtain)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(plans() + " may be written by other users");
        assertThat(build.count()).isEqualTo(1);
    }

    @Test
    void aStoreThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        PlanStore impossible =
                PlanStore.of(new CompileSettings(file, Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS));

        assertThatThrownBy(() -> impossible.obtain(KEY, build, warnings::add))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cannot read or write the plan store " + file.resolve("plans"));
    }

    @Test
    void saysHowLargeTheStoreIsAndHowToClearIt() throws EngineException {
        obtain();

        assertThat(progress)
                .containsExactly(
                        "the plan store " + plans()
                                + " holds 0 MB; nothing is evicted, and any of its directories may be"
                                + " deleted while no server starts",
                        "the plan is " + plan());
    }

    @Test
    void timingCachesAreKeptByVersionAndGpu() {
        assertThat(store.timingCache(Keys.TARGET)).isEqualTo(plans().resolve("timing-11.2.1.2-nvidia-h200-9.0.cache"));
    }

    private StoredPlan obtain() throws EngineException {
        return store.obtain(KEY, build, warnings::add);
    }

    private CompileSettings settings() {
        return new CompileSettings(
                directory.resolve("cache"), Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS, progress::add);
    }

    private Path plans() {
        return directory.resolve("cache/plans");
    }

    private Path plan() {
        return plans().resolve(KEY.hex());
    }

    private SortedMap<Path, Object> tree() throws IOException {
        SortedMap<Path, Object> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.toList()) {
                tree.put(path, Files.getLastModifiedTime(path));
            }
        }
        return tree;
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }
}
