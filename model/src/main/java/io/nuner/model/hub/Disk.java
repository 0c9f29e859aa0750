package io.nuner.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a fetch asks of the disk; a port, so that a full one can be tested. Any thread. */
public interface Disk {
    /** The disk of this machine. */
    Disk LOCAL = new Disk() {
        @Override
        public long usableBytes(Path directory) throws IOException {
            return Files.getFileStore(directory).getUsableSpace();
        }

        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    };

    /** Bytes that may still be written below a directory. */
    long usableBytes(Path directory) throws IOException;

    /** Writes all the bytes. */
    void write(FileChannel file, ByteBuffer bytes) throws IOException;
}
