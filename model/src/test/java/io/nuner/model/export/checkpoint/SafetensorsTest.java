package io.nuner.model.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    private Path directory;

    @Test
    void halfFloatsAreWidenedExactly() throws IOException, ModelException {
        write("""
                {"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}
                """, 0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0xff, 0x7b, 0x80, 0xbf);

        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensor("h").readAll()).containsExactly(1f, 0x1p-24f, Float.NEGATIVE_INFINITY, 65504f);
            assertThat(checkpoint.tensor("b").readAll()).containsExactly(-1f);
        }
    }

    @Test
    void aTensorOfNumbersThatAreNoWeightsIsRefusedOnlyWhenAskedFor() throws IOException, ModelException {
        write("""
                {"__metadata__":{"format":"pt"},"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}
                """, 1, 0, 0, 0, 0, 0, 0, 0);

        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThatThrownBy(() -> checkpoint.tensor("ids")).hasMessageContaining("tensor ids holds I64");
            assertThatThrownBy(() -> checkpoint.tensor("none")).hasMessageContaining("tensor none is missing");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | overlaps
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}                          | outside the file
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                           | outside the file
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}                           | does not fit its place
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                          | negative
            {"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}     | does not fit its place
            {"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}}         | larger than we read
            {"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}                       | not the JSON
            {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}         | too many dimensions
            {"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}                            | unknown type F4
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | twice
            {"a":{"dtype":"F32","shape":[2]}}                                                | outside the file
            {"a":[1]}                                                                        | not the JSON
            []                                                                               | not the JSON
            {"a":                                                                            | not the JSON
            {} {}                                                                            | not the JSON
            """)
    void hostileHeadersAreRefused(String header, String reason) throws IOException {
        write(header, 0, 0, 0, 0, 0, 0, 0, 0);

        assertRefused(reason);
    }

    @Test
    void headersThatLieAboutTheirLengthAreRefused() throws IOException {
        for (long length : new long[] {-1, 0, 100_000_001, Long.MAX_VALUE}) {
            Files.write(file(), longBytes(length));
            assertRefused("header of " + length);
        }
        Files.write(file(), longBytes(1000));
        assertRefused("ends early");
        Files.write(file(), new byte[3]);
        assertRefused("ends early");
    }

    @Test
    void aDeeplyNestedHeaderIsRefused() throws IOException {
        write("{\"__metadata__\":" + "[".repeat(1_000_000));

        assertRefused("not the JSON");
    }

    @Test
    void aDirectoryWithoutWeightsIsRefused() {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("neither model.safetensors nor pytorch_model.bin");
    }

    private void write(String header, int... data) throws IOException {
        byte[] json = header.strip().getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(json.length).put(json);
        for (int value : data) {
            content.put((byte) value);
        }
        Files.write(file(), content.array());
    }

    private static byte[] longBytes(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private Path file() {
        return directory.resolve(Checkpoint.SAFETENSORS);
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file().toString())
                .hasMessageContaining(reason);
    }
}
