package io.nuner.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativePlatformTest {
    @Test
    void namesWhatJavaNamesDifferently() {
        assertThat(NativePlatform.of("Linux", "amd64")).hasToString("linux-x86_64");
        assertThat(NativePlatform.of("Linux", "aarch64")).hasToString("linux-aarch64");
        assertThat(NativePlatform.of("Mac OS X", "aarch64")).hasToString("osx-aarch64");
        assertThat(NativePlatform.of("Windows 11", "amd64")).hasToString("win-x86_64");
    }

    @Test
    void aPlatformWithoutLibrariesIsNamed() {
        assertThatExceptionOfType(NativeLibraryException.class)
                .isThrownBy(() ->
                        LibraryBundle.read("test", NativePlatformTest.class, "test-libraries.sha256", "natives/vax/"))
                .withMessage("there is no test library for " + NativePlatform.current());
    }

    @Test
    void aFileSystemThatMayNotBeExecutedFromIsNamed() {
        Path library = Path.of("/c/libone.so");
        UnsatisfiedLinkError refusal =
                new UnsatisfiedLinkError("/c/libone.so: /c/libone.so: failed to map segment from shared object");

        assertThat(NativeLibraryException.notLoaded(library, refusal))
                .hasMessage(
                        "/c/libone.so does not load: failed to map segment from shared object; its file system seems to"
                                + " be mounted noexec: name another place by --cache, NUNER_CACHE or --native-libraries");
    }
}
