package io.nuner.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes files that are there as a whole or not at all, even if the machine loses power meanwhile. Any thread. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes buffers one after the other into a file that its owner alone may read, in place of an old one. */
    public static void write(Path file, List<ByteBuffer> content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Path part = Files.createTempFile(directory, String.valueOf(file.getFileName()), ".part");
        try {
            writeAll(part, content);
            publish(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void writeAll(Path file, List<ByteBuffer> content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (ByteBuffer buffer : content) {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
    }

    /** Gives a complete file its name, its bytes safe on the disk; both names lie in one file system. */
    public static void publish(Path complete, Path name) throws IOException {
        try (FileChannel channel = FileChannel.open(complete, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(complete, name, StandardCopyOption.ATOMIC_MOVE);
    }
}
