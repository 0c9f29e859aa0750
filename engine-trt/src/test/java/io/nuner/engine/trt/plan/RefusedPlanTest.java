package io.nuner.engine.trt.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineException;
import io.nuner.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a stored plan: one warning that names the file, a plan built anew, the old one moved aside. */
class RefusedPlanTest {
    private static final PlanKey KEY = Keys.some();
    private static final PlanKey OTHER = Keys.ofModel("d".repeat(64));

    @TempDir
    private Path directory;

    private final CountedBuild build = new CountedBuild();
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void storeAPlan() throws EngineException {
        obtain();
        assertThat(build.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.plan", "head.plan", "golden.bin", "plan.json"})
    void aMissingFile(String name) throws Exception {
        Files.delete(file(name));

        isRefused(file(name) + " is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.plan", "head.plan", "golden.bin"})
    void aTruncatedFile(String name) throws Exception {
        byte[] content = Files.readAllBytes(file(name));
        Files.write(file(name), new byte[0]);

        isRefused(file(name) + " has 0 bytes, plan.json says " + content.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.plan", "head.plan", "golden.bin"})
    void aFileWithMoreBehindIt(String name) throws Exception {
        Files.write(file(name), new byte[1], StandardOpenOption.APPEND);

        isRefused(file(name) + " has ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.plan", "head.plan", "golden.bin"})
    void aFileWithOneOtherBit(String name) throws Exception {
        flipABit(file(name));

        isRefused(file(name) + " was changed after it was built");
    }

    @Test
    void aPlanUnderTheNameOfAnother() throws Exception {
        FileTree.delete(plan());
        store().obtain(OTHER, build, warnings::add);
        Files.move(plans().resolve(OTHER.hex()), plan());

        obtain();

        assertThat(build.count()).isEqualTo(3);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .contains(file("plan.json") + " describes another plan, " + OTHER.hex() + ", and not " + KEY.hex());
    }

    @Test
    void aRecordWhosePartsDoNotMakeItsKey() throws Exception {
        Path record = file("plan.json");
        String content = Files.readString(record);
        assertThat(content).contains("NVIDIA H200");
        write(content.replace("NVIDIA H200", "NVIDIA H100"));

        isRefused(record + " describes another plan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]", "{\"format\": 2}", "no JSON"})
    void aRecordThatIsNone(String content) throws Exception {
        write(content);

        isRefused(file("plan.json") + " is no record of format 1");
    }

    @Test
    void aRecordThatDoesNotListAFile() throws Exception {
        write(Files.readString(file("plan.json")).replace("head.plan", "tail.plan"));

        isRefused(file("plan.json") + " does not list head.plan");
    }

    @Test
    void aHugeRecord() throws Exception {
        Files.write(file("plan.json"), new byte[(1 << 20) + 1]);

        isRefused(file("plan.json") + " has 1048577 bytes, more than 1048576");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.plan", "head.plan", "golden.bin", "plan.json"})
    void aFileBehindASymbolicLink(String name) throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(file(name), elsewhere);
        Files.createSymbolicLink(file(name), elsewhere);

        isRefused(file(name) + " is a symbolic link");
    }

    @Test
    void aDirectoryBehindASymbolicLink() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(plan(), elsewhere);
        Files.createSymbolicLink(plan(), elsewhere);

        isRefused(plan() + " is a symbolic link");
        assertThat(elsewhere.resolve("encoder.plan")).exists();
    }

    @Test
    void aFileInPlaceOfTheDirectory() throws Exception {
        FileTree.delete(plan());
        Files.createFile(plan());

        isRefused(plan() + " is no directory");
    }

    @Test
    void aDirectoryInPlaceOfAFile() throws Exception {
        Files.delete(file("head.plan"));
        Files.createDirectory(file("head.plan"));

        isRefused(file("head.plan") + " is no plain file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "encoder.plan", "head.plan", "golden.bin", "plan.json"})
    void whatOthersMayWrite(String name) throws Exception {
        Path path = name.isEmpty() ? plan() : file(name);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));

        isRefused(path + " may be written by other users");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "encoder.plan", "plan.json"})
    void whatBelongsToAnotherUser(String name) throws Exception {
        Path path = name.isEmpty() ? plan() : file(name);
        giveAway(path);

        isRefused(path + " belongs to another user");
    }

    @Test
    void anyDamagedByteOfAnyFileThatIsLoaded() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 1; round <= 200; round++) {
            List<String> names = List.of("encoder.plan", "head.plan", "golden.bin");
            Path damaged = file(names.get(random.nextInt(names.size())));
            byte[] content = Files.readAllBytes(damaged);
            int at = random.nextInt(content.length);
            content[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, content);

            obtain();

            assertThat(warnings).as("bit in byte %d of %s", at, damaged).hasSize(round);
            assertThat(build.count()).isEqualTo(1 + round);
        }
    }

    /** Damage to a note may go unnoticed; then the plan is the one that was built. */
    @Test
    void anyDamagedByteOfTheRecordCostsABuildAtMost() throws Exception {
        byte[] sound = Files.readAllBytes(file("plan.json"));
        for (int at = 0; at < sound.length; at += 7) {
            byte[] content = Files.readAllBytes(file("plan.json"));
            int damaged = Math.min(at, content.length - 1);
            content[damaged] ^= (byte) (1 << at % 8);
            Files.write(file("plan.json"), content);

            obtain();

            assertThat(build.count()).isEqualTo(1 + warnings.size());
            assertThat(file("encoder.plan")).hasContent(CountedBuild.ENCODER);
        }
    }

    private void isRefused(String reason) throws EngineException {
        obtain();

        hasRefused(reason);
        obtain();
        assertThat(build.count()).as("the new plan is sound").isEqualTo(2);
    }

    private void hasRefused(String reason) {
        assertThat(build.count()).as("builds").isEqualTo(2);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .startsWith("a stored plan is refused and built anew: ")
                .contains(reason)
                .doesNotContain("\n");
        assertThat(plans().resolve(KEY.hex() + ".refused"))
                .matches(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    private void obtain() throws EngineException {
        store().obtain(KEY, build, warnings::add);
    }

    private PlanStore store() {
        return PlanStore.of(
                new CompileSettings(directory.resolve("cache"), Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS));
    }

    private void write(String record) throws IOException {
        Files.writeString(file("plan.json"), record);
    }

    private static void flipABit(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }

    private static void giveAway(Path path) throws IOException {
        UserPrincipal nobody =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        boolean given = false;
        try {
            Files.setOwner(path, nobody);
            given = true;
        } catch (IOException e) {
            System.out.println("only root can give files away: " + e);
        }
        assumeTrue(given, "only root can give files away");
    }

    private Path plans() {
        return directory.resolve("cache/plans");
    }

    private Path plan() {
        return plans().resolve(KEY.hex());
    }

    private Path file(String name) {
        return plan().resolve(name);
    }
}
