package io.nuner.engine.trt.binding.compiler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes files that are there as a whole or not at all, even if the machine loses power meanwhile. */
final class AtomicFile {
    private AtomicFile() {}

    /** Writes the buffers one after the other. */
    static void write(Path file, List<ByteBuffer> content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Path part = Files.createTempFile(directory, String.valueOf(file.getFileName()), ".part");
        try {
            writeAll(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
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
            channel.force(true);
        }
    }
}
