package io.nuner.model.cache;

import io.nuner.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names a checkpoint without reading its weights: a SHA-256 over the exporter's version, the name and size of every file, the
 * content of small files, and the time of large ones.
 */
final class CheckpointKey {
    /** Files up to this size are read whole; a tokenizer has up to 16 MiB. */
    private static final long MAX_CONTENT_BYTES = 32 << 20;

    private final Sha256 digest = new Sha256();

    private CheckpointKey() {}

    /**
     * The key of a checkpoint, in hex.
     *
     * @param exporterVersion of the exporter, and what it is told to do
     */
    static String of(Path checkpoint, String exporterVersion) throws IOException {
        CheckpointKey key = new CheckpointKey();
        key.add(exporterVersion.getBytes(StandardCharsets.UTF_8));
        for (Path file : files(checkpoint)) {
            key.addFile(file);
        }
        return key.digest.hex();
    }

    private void addFile(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        long size = Files.size(file);
        add(name.getBytes(StandardCharsets.UTF_8));
        add(size);
        if (size <= MAX_CONTENT_BYTES) {
            add(Files.readAllBytes(file));
        } else {
            add(Files.getLastModifiedTime(file).toMillis());
        }
    }

    private void add(byte[] bytes) {
        add(bytes.length);
        digest.add(bytes);
    }

    private void add(long value) {
        digest.add(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
