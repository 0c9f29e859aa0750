package io.nuner.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.server.rpc.KeyDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsFileTest {
    /** {@code printf abc | sha256sum}. */
    private static final String DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    @Test
    void namesWeightsAndKeysAreRead() throws IOException {
        TenancyConfig read = read("# who pays\n\nsearch 10 " + DIGEST + " # key abc\n\tnightly-job\t1\n");

        assertThat(read.weights()).isEqualTo(Map.of("search", 10, "nightly-job", 1));
        assertThat(read.keys()).isEqualTo(Map.of("search", KeyDigest.of("abc")));
        assertThat(read.maxNames()).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource({
        "search, must be NAME WEIGHT",
        "search 1 x y, must be NAME WEIGHT",
        "se/arch 1, must begin with a name of 1 to 64 characters",
        "search 0, must have a weight from 1 to 1000",
        "search 1001, must have a weight from 1 to 1000",
        "search ten, must have a weight from 1 to 1000",
        "first 2, names a tenant of a line before",
        "search 1 abc, must end with the SHA-256 of the key",
        "search 1 zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, hexadecimal digits only",
        "search 1 " + DIGEST + ", has the key of a line before"
    })
    void aWrongLineIsNamed(String line, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("first 1 " + DIGEST + "\n" + line + "\n"))
                .withMessageStartingWith("tenants " + directory.resolve("tenants") + " line 2 ")
                .withMessageContaining(rule);
    }

    @ParameterizedTest
    @CsvSource({"rw-rw-r--, false", "rw-r--rw-, false", "rw-rw-rw-, false", "rw-r--r--, true", "r--------, true"})
    void aFileThatOthersMayWriteIsRefused(String permissions, boolean trusted) throws IOException {
        Path file = Files.writeString(directory.resolve("tenants"), "search 10\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        TenantsFile tenants = new TenantsFile(file, OptionalInt.empty());

        if (trusted) {
            assertThat(tenants.read().weights()).isEqualTo(Map.of("search", 10));
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(tenants::read)
                    .withMessage("tenants " + file + " must not be writable by its group or by others (chmod go-w)");
        }
    }

    @Test
    void aFileOfSomebodyElseIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("tenants"), "search 10\n");
        assumeTrue(giveAway(file), "only root can give a file away");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantsFile(file, OptionalInt.empty()).read())
                .withMessage("tenants " + file + " must belong to the user of this process or to root");
    }

    private static boolean giveAway(Path file) {
        try {
            Files.setAttribute(file, "unix:uid", 65_534);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatIsNoPlainFileOrTooLongIsRefused() throws IOException {
        Path endless = directory.resolve("endless");
        Files.write(endless, new byte[(1 << 20) + 1]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantsFile(directory, OptionalInt.empty()).read())
                .withMessage("tenants " + directory + " must be a plain file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantsFile(Path.of("/dev/zero"), OptionalInt.empty()).read())
                .withMessage("tenants /dev/zero must be a plain file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantsFile(endless, OptionalInt.empty()).read())
                .withMessage("tenants " + endless + " must have at most 1048576 bytes");
    }

    private TenancyConfig read(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("tenants"), content, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return new TenantsFile(file, OptionalInt.of(7)).read();
    }
}
