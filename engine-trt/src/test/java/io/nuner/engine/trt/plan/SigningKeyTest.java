package io.nuner.engine.trt.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    @Test
    void isMadeForItsOwnersEyesOnlyAndStaysTheSame() throws Exception {
        Path file = directory.resolve("new/plan.key");
        SigningKey made = SigningKey.at(file);
        SigningKey found = SigningKey.at(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.size(file)).isEqualTo(32);
        assertThat(found.name()).isEqualTo(made.name());
        assertThat(found.signed(MESSAGE, made.sign(MESSAGE))).isTrue();
        assertThat(entries(file)).containsExactly(file);
    }

    @Test
    void everyInstallationHasItsOwn() throws Exception {
        SigningKey one = SigningKey.at(directory.resolve("one"));
        SigningKey other = SigningKey.at(directory.resolve("other"));

        assertThat(other.name()).isNotEqualTo(one.name());
        assertThat(other.signed(MESSAGE, one.sign(MESSAGE))).isFalse();
        assertThat(one.signed("massage".getBytes(StandardCharsets.UTF_8), one.sign(MESSAGE)))
                .isFalse();
    }

    @Test
    void signsAsHmacSha256Does() throws Exception {
        Path file = directory.resolve("key");
        Files.write(file, new byte[32]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        // printf message | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
        assertThat(SigningKey.at(file).sign(MESSAGE))
                .isEqualTo("eb08c1f56d5ddee07f7bdf80468083da06b64cf4fac64fe3a90883df5feacae4");
    }

    @Test
    void oneOfManyWhoComeAtOnceMakesItAndAllUseIt() throws Exception {
        Path file = directory.resolve("key");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> take = () -> SigningKey.at(file).name();
            List<Future<String>> names =
                    threads.invokeAll(Stream.generate(() -> take).limit(64).toList());

            Set<String> different = new HashSet<>();
            for (Future<String> name : names) {
                different.add(name.get());
            }
            assertThat(different).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void isRefusedIfOthersMayReadOrWriteIt() throws Exception {
        Path file = directory.resolve("key");
        SigningKey.at(file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        refused(file, "may be read by other users");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w----"));
        refused(file, "may be written by other users");
    }

    @Test
    void isRefusedIfItIsDamagedOrNoFile() throws Exception {
        Path file = directory.resolve("key");
        SigningKey.at(file);

        Files.write(file, new byte[31]);
        refused(file, "is not of 32 bytes");
        Files.write(file, new byte[33]);
        refused(file, "is not of 32 bytes");
        Files.delete(file);
        Files.createDirectory(file);
        refused(file, "is no plain file");
        Files.delete(file);
        Files.createSymbolicLink(file, directory.resolve("elsewhere"));
        refused(file, "is a symbolic link");
    }

    @Test
    void aPlaceWhereItCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        refused(file.resolve("plan.key"), "cannot be read or made");
    }

    private static void refused(Path file, String problem) {
        assertThatThrownBy(() -> SigningKey.at(file))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("the signing key " + file)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    private static List<Path> entries(Path file) throws IOException {
        try (Stream<Path> entries = Files.list(file.resolveSibling("."))) {
            return entries.map(Path::normalize).toList();
        }
    }
}
