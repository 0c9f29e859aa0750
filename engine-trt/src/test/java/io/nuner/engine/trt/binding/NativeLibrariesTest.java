package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {
    private static final Path LIBRARY = Path.of("/cache/libjnicudart.so");

    @Test
    void namesTheLibraryOnce() {
        assertThat(NativeLibraries.refusal(LIBRARY, "/cache/libjnicudart.so: libcuda.so.1: cannot open"))
                .isEqualTo("/cache/libjnicudart.so does not load: libcuda.so.1: cannot open");
    }

    @Test
    void advisesANewerCLibraryWhereThatIsTheReason() {
        String reason = "/lib/libc.so.6: version `GLIBC_2.34' not found (required by /cache/libjnicudart.so)";

        assertThat(NativeLibraries.refusal(LIBRARY, reason)).endsWith("; glibc 2.34 or newer is needed");
    }
}
