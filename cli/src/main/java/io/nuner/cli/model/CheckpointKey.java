package io.nuner.cli.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names a checkpoint without reading its weights: a SHA-256 over the exporter's version, the name and size of every file, the
 * content of small files, and the time of large ones.
 */
final class CheckpointKey {
    /** Read in a moment; a tokenizer has up to 16 MiB. */
    private static final long MAX_CONTENT_BYTES = 32 << 20;

    private final MessageDigest digest = sha256();

    private CheckpointKey() {}

    /** The key of a checkpoint for one version of the exporter, in hex. */
    static String of(Path checkpoint, String exporterVersion) throws IOException {
        CheckpointKey key = new CheckpointKey();
        key.add(exporterVersion.getBytes(StandardCharsets.UTF_8));
        for (Path file : files(checkpoint)) {
            key.addFile(file);
        }
        return HexFormat.of().formatHex(key.digest.digest());
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
        digest.update(bytes);
    }

    private void add(long value) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
