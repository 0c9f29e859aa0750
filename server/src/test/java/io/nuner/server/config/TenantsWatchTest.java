package io.nuner.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.rpc.KeyDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change is used once it stands; a bad one changes nothing and is told once. */
class TenantsWatchTest {
    /** {@code printf abc | sha256sum}. */
    private static final String DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    private final List<TenancyConfig> used = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        write("search 10\n");
    }

    @Test
    void aFileThatStaysAsItIsChangesNothing() {
        TenantsWatch watch = watch();

        look(watch, 5);

        assertThat(used).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void weightsKeysAndNewTenantsAreUsed() throws IOException {
        TenantsWatch watch = watch();
        write("search 20 " + DIGEST + "\nnightly 1\n");

        look(watch, 3);

        assertThat(used).hasSize(1);
        assertThat(used.get(0).weights()).isEqualTo(Map.of("search", 20, "nightly", 1));
        assertThat(used.get(0).keys()).isEqualTo(Map.of("search", KeyDigest.of("abc")));
        assertThat(problems).isEmpty();
    }

    @Test
    void aFileThatIsBeingWrittenIsNotReadHalf() throws IOException {
        TenantsWatch watch = watch();
        write("");
        watch.look();
        write("search 30\n");

        look(watch, 3);

        assertThat(used).extracting(TenancyConfig::weights).containsExactly(Map.of("search", 30));
    }

    @Test
    void aCommentIsNoChange() throws IOException {
        TenantsWatch watch = watch();
        write("# ours\nsearch 10\n");

        look(watch, 3);

        assertThat(used).isEmpty();
    }

    @Test
    void aBadFileIsToldOnceWithItsLineAndChangesNothing() throws IOException {
        TenantsWatch watch = watch();
        write("search 10\nnightly none\n");

        look(watch, 5);

        assertThat(used).isEmpty();
        assertThat(problems)
                .containsExactly(
                        "tenants " + file() + " line 2 must have a weight from 1 to " + TenancyConfig.MAX_WEIGHT);

        write("search 11\n");
        look(watch, 2);
        assertThat(used).extracting(TenancyConfig::weights).containsExactly(Map.of("search", 11));
    }

    @Test
    void aFileThatIsGoneOrMayBeWrittenByOthersIsToldOnceAndChangesNothing() throws IOException {
        TenantsWatch watch = watch();
        Files.delete(file());
        look(watch, 3);
        write("search 12\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));
        look(watch, 3);

        assertThat(used).isEmpty();
        assertThat(problems)
                .containsExactly(
                        "tenants " + file() + " cannot be read: not found",
                        "tenants " + file() + " must not be writable by its group or by others (chmod go-w)");
    }

    @Test
    void aFileThatIsMovedIntoPlaceIsUsed() throws IOException {
        TenantsWatch watch = watch();
        Path next = Files.writeString(directory.resolve("next"), "search 13\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);

        look(watch, 2);

        assertThat(used).extracting(TenancyConfig::weights).containsExactly(Map.of("search", 13));
    }

    private TenantsWatch watch() {
        TenantsFile file = new TenantsFile(file(), OptionalInt.empty());
        return new TenantsWatch(file, file.read(), used::add, problems::add);
    }

    private static void look(TenantsWatch watch, int times) {
        for (int time = 0; time < times; time++) {
            watch.look();
        }
    }

    private Path file() {
        return directory.resolve("tenants");
    }

    private void write(String content) throws IOException {
        Files.writeString(file(), content);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    }
}
