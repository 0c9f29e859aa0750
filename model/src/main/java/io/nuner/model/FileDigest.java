package io.nuner.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
        return of(directory, name, -1);
    }

    /** As {@link #of(Path, String)}, but refuses a file of another size before reading it; -1 accepts any. */
    static ManifestFile of(Path directory, String name, long expectedSize) throws ModelException {
        Path file = directory.resolve(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (expectedSize >= 0 && size != expectedSize) {
                throw ModelException.of(file, "has " + size + " bytes, the manifest says " + expectedSize);
            }
            return new ManifestFile(name, size, hex(digest(channel)));
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    private static byte[] digest(FileChannel channel) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (channel.read(buffer.clear()) >= 0) {
            digest.update(buffer.flip());
        }
        return digest.digest();
    }

    /** SHA-256 of bytes: 64 lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
