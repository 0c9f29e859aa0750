package io.nuner.model;

import io.nuner.files.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** Computes the manifest's entry of a file, and hashes of contents. Any thread. */
public final class FileDigest {
    private FileDigest() {}

    /**
     * Reads a whole file of a directory.
     *
     * @throws ModelException if it cannot be read
     */
    public static ModelManifest.Entry of(Path directory, String name) throws ModelException {
        Path file = directory.resolve(name);
        try (FileChannel channel = RegularFile.open(file)) {
            return new ModelManifest.Entry(name, channel.size(), of(channel));
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /** SHA-256 of an open file, from its position to its end. */
    static String of(FileChannel channel) throws IOException {
        return new Sha256()
                .copy(Channels.newInputStream(channel), OutputStream.nullOutputStream())
                .hex();
    }

    /** SHA-256 of the rest of each buffer, one after the other; their positions move to their limits. */
    static String of(List<ByteBuffer> buffers) {
        Sha256 digest = new Sha256();
        buffers.forEach(digest::add);
        return digest.hex();
    }
}
