package io.nuner.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Computes what a manifest says of a file. Any thread. */
public final class FileDigest {
    private static final int BUFFER_BYTES = 1 << 20;

    private FileDigest() {}

    /**
     * Reads a whole file of a directory.
     *
     * @throws ModelException if it cannot be read
     */
    public static ManifestFile of(Path directory, String name) throws ModelException {
        Path file = directory.resolve(name);
        try (FileChannel channel = RegularFile.open(file)) {
            return new ManifestFile(name, channel.size(), of(channel));
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /** SHA-256 of an open file, from where it is. */
    static String of(FileChannel channel) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (channel.read(buffer.clear()) >= 0) {
            digest.update(buffer.flip());
        }
        return hex(digest.digest());
    }

    /** SHA-256 of buffers, one behind the other. */
    static String of(List<ByteBuffer> buffers) {
        MessageDigest digest = sha256();
        buffers.forEach(digest::update);
        return hex(digest.digest());
    }

    /** SHA-256 of bytes: 64 lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
