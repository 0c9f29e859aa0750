package io.nuner.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract is complete in the tree and in the jar. */
class ContractFilesTest {
    @ParameterizedTest
    @CsvSource({
        "nuner/v1/ner_service.proto, src/main/protobuf/nuner/v1/ner_service.proto",
        "nuner/v1/errors.proto, src/main/protobuf/nuner/v1/errors.proto",
        "nuner/v1/service_config.json, service_config.json"
    })
    void theJarHoldsTheContract(String inJar, Path file) throws IOException {
        assertThat(resource(inJar)).isEqualTo(Files.readString(file));
    }

    /** Java has their classes from a jar of Google's; all others generate them from our copy. */
    @ParameterizedTest
    @ValueSource(strings = {"google/rpc/status.proto", "google/rpc/code.proto", "google/rpc/error_details.proto"})
    void theCopyOfGooglesFilesIsWhatTheJavaClassesWereMadeFrom(String file) throws IOException {
        assertThat(Files.readString(Path.of("third_party", file))).isEqualTo(resource(file));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ContractFilesTest.class.getResourceAsStream("/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
