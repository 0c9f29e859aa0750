package io.nuner.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
    /** What {@code printf 'hello\n' | git hash-object --stdin} and {@code sha256sum} print. */
    private static final String GIT = "ce013625030ba8dba906f756967f9e9ca394464a";

    private static final String SHA_256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

    @TempDir
    private Path directory;

    @Test
    void bothKindsAreToldApartAndComputedAsTheirToolsDo() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "hello\n");
        Path other = Files.writeString(directory.resolve("other"), "hello!");

        for (String sum : new String[] {GIT, SHA_256}) {
            Checksum checksum = Checksum.parse(sum).orElseThrow();
            assertThat(checksum.matches(file)).isTrue();
            assertThat(checksum.matches(other)).isFalse();
        }
    }

    @Test
    void theTagOfAMultiPartUploadIsNoChecksum() {
        assertThat(Checksum.parse("41a0e56472bad33498744818c8b1ef2c-64")).isEmpty();
        assertThat(Checksum.parse(GIT.replace('c', 'C'))).isEmpty();
        assertThat(Checksum.parse("")).isEmpty();
    }
}
