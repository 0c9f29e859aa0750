package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.natives.NativeLibraryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxLibraryTest {
    private static final String SUMS = "native-libraries.sha256";

    /** Versions with a collector have all of these. */
    private static final List<String> TELEMETRY =
            List.of("OneCollector", "events.data.microsoft", "ORT_DISABLE_TELEMETRY");

    /** Functions of the C library, as the table of an ELF file's imports has them. */
    private static final List<String> OUTWARD = List.of("\0connect\0", "\0getaddrinfo\0", "\0socket\0", "\0popen\0");

    static Stream<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(OnnxLibrary.class.getResourceAsStream(SUMS))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyLibraryIsTheOneWrittenDownAndCannotTalkToAnybody(String line) throws Exception {
        byte[] library = read(line.substring(64).strip());

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library)))
                .isEqualTo(line.substring(0, 64));
        String bytes = new String(library, StandardCharsets.ISO_8859_1);
        assertThat(TELEMETRY).noneMatch(bytes::contains);
        if (line.endsWith(".so")) {
            assertThat(OUTWARD).noneMatch(bytes::contains);
            assertThat(bytes).contains("\0strlen\0"); // so that is how imports look
        }
    }

    @Test
    void startsOnceAndMakesNoDirectoryOfItsOwn() throws Exception {
        assertThat(OnnxLibrary.environment()).isSameAs(OnnxLibrary.environment());
        assertThat(OnnxRuntimeStart.isStarted()).isTrue();
        var directory = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
        directory.setAccessible(true);
        assertThat(directory.get(null)).isNull();
    }

    @Test
    void theProviderNamesItsLibraries() throws NativeLibraryException {
        assertThat(new OnnxEngineProvider().libraries())
                .singleElement()
                .satisfies(bundle -> assertThat(bundle.files()).hasSize(2));
    }

    private static byte[] read(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OnnxLibrary.class.getClassLoader().getResourceAsStream(resource))) {
            return in.readAllBytes();
        }
    }
}
