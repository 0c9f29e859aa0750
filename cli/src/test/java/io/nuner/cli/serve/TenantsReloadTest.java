package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys rotate without a restart. */
@Timeout(60)
class TenantsReloadTest {
    @TempDir
    private Path directory;

    @Test
    void aKeyRotatesWhileTheServerServes() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        tenants("search 10 " + digest("one") + "\n");
        try (ServerProcess server = ServerProcess.start(List.of(
                "--model=" + checkpoint, "--cache=" + directory.resolve("cache"), "--tenants=" + tenantsFile()))) {
            assertThat(isServed(server, "one")).isTrue();
            assertThat(isServed(server, "two")).isFalse();

            tenants("search 10 " + digest("two") + "\n");
            while (!isServed(server, "two")) { // until the file is looked at, or the test takes too long
                assertThat(server.port()).isPositive();
            }
            assertThat(isServed(server, "one")).as("the old key").isFalse();
        }
    }

    private boolean isServed(ServerProcess server, String key) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), key + "\n");
        CommandRun run = CommandRun.of(
                "extract", "--label=city", "--key-file=" + file, "--target=localhost:" + server.port(), "Paris");
        return run.exitCode() == ExitCode.OK;
    }

    private Path tenantsFile() {
        return directory.resolve("tenants");
    }

    private void tenants(String content) throws Exception {
        Path next = Files.writeString(directory.resolve("next"), content);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, tenantsFile(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static String digest(String key) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
