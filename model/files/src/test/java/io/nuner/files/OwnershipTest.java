package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.files.Ownership.Trusted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void whatThisUserMakesIsTrusted(Trusted owners) throws IOException {
        assertThat(Ownership.problemOfFile(file("rw-r--r--"), owners)).isEmpty();
        assertThat(Ownership.problemOfDirectory(directory("rwxr-xr-x"), owners)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void whatOthersMayWriteIsNot(String permissions) throws IOException {
        assertThat(Ownership.problemOfFile(file(permissions), Trusted.THIS_USER))
                .hasValue("may be written by other users");
        assertThat(Ownership.problemOfDirectory(directory(permissions), Trusted.THIS_USER))
                .hasValue("may be written by other users");
    }

    @Test
    void whatAnotherUserOwnsIsNot() throws IOException {
        Path file = file("rw-r--r--");
        assumeTrue(giveAway(file), "only root can give a file away");

        assertThat(Ownership.problemOfFile(file, Trusted.THIS_USER_AND_ROOT)).hasValue("belongs to another user");
        assertThat(Ownership.of(file).isOf(Trusted.THIS_USER_AND_ROOT)).isFalse();
    }

    @Test
    void rootIsTrustedOnlyWhereAskedFor() throws IOException {
        Path ofRoot = Path.of("/");
        assumeTrue(Files.getAttribute(ofRoot, "unix:uid").equals(0), "/ belongs to root");
        boolean isRoot = Ownership.of(file("rw-------")).isOf(Trusted.THIS_USER)
                && Files.getAttribute(temporary, "unix:uid").equals(0);

        assertThat(Ownership.of(ofRoot).isOf(Trusted.THIS_USER_AND_ROOT)).isTrue();
        assertThat(Ownership.of(ofRoot).isOf(Trusted.THIS_USER)).isEqualTo(isRoot);
    }

    @Test
    void whatIsOfAnotherKindIsNamed() throws IOException {
        Path file = file("rw-------");
        Path directory = directory("rwx------");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);

        assertThat(Ownership.problemOfFile(directory, Trusted.THIS_USER)).hasValue("is no plain file");
        assertThat(Ownership.problemOfDirectory(file, Trusted.THIS_USER)).hasValue("is no directory");
        assertThat(Ownership.problemOfDirectory(link, Trusted.THIS_USER)).hasValue("is a symbolic link");
    }

    @Test
    void aPrivateDirectoryIsMadeWithItsParentsOrClosed() throws IOException {
        Path deep = temporary.resolve("cache/deep");
        Path open = directory("rwxr-xr-x");

        assertThat(Ownership.makePrivate(deep)).isEmpty();
        assertThat(Ownership.makePrivate(deep)).isEmpty();
        assertThat(Ownership.makePrivate(open)).isEmpty();

        for (Path made : new Path[] {deep, temporary.resolve("cache"), open}) {
            assertThat(Files.getPosixFilePermissions(made)).isEqualTo(Ownership.OWNERS_DIRECTORY.value());
        }
    }

    @Test
    void whatOthersMayWriteStaysAsItIs() throws IOException {
        Path open = directory("rwxrwxrwx");

        assertThat(Ownership.makePrivate(open)).hasValue("may be written by other users");
        assertThat(Files.getPosixFilePermissions(open)).isEqualTo(PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private Path file(String permissions) throws IOException {
        return permitted(Files.createTempFile(temporary, "file", ""), permissions);
    }

    private Path directory(String permissions) throws IOException {
        return permitted(Files.createTempDirectory(temporary, "directory"), permissions);
    }

    private static Path permitted(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static boolean giveAway(Path file) {
        try {
            Files.setAttribute(file, "unix:uid", 65_534);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
