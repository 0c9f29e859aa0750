package io.nuner.model.export.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A safetensors file being put together. One thread at a time. */
final class SafetensorsFile {
    private final List<String> entries = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private int size;

    SafetensorsFile bytes(String name, List<Integer> shape, byte... values) {
        return add(name, "I8", shape, values);
    }

    SafetensorsFile floats(String name, List<Integer> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(name, "F32", shape, bytes.array());
    }

    SafetensorsFile halves(String name, List<Integer> shape, short... bits) {
        ByteBuffer bytes = ByteBuffer.allocate(bits.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(bits);
        return add(name, "F16", shape, bytes.array());
    }

    private SafetensorsFile add(String name, String type, List<Integer> shape, byte[] content) {
        entries.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, size, size + content.length));
        contents.add(content);
        size += content.length;
        return this;
    }

    void writeTo(Path directory) throws IOException {
        byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length + size).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        contents.forEach(file::put);
        Files.write(directory.resolve(Checkpoint.SAFETENSORS), file.array());
    }
}
