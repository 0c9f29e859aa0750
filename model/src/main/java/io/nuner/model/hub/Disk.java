package io.nuner.model.hub;

import io.nuner.files.ByteCount;
import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

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

    /**
     * The failure to report where a file was being written.
     *
     * @param missing bytes that were still to be written
     */
    default HubException problem(IOException failure, Path directory, long missing) {
        if (!isFull(failure)) {
            return problem(failure, directory);
        }
        return new HubException(
                "the disk is full: " + ByteCount.of(missing) + " more are needed in " + directory + ", "
                        + free(directory) + " are free; what is there is kept, and the next fetch continues",
                failure);
    }

    /** The failure to report where a directory was made or renamed. */
    static HubException problem(IOException failure, Path directory) {
        return new HubException(
                "cannot write " + directory + " (--cache): " + FileProblem.reasonOfWritingBelow(failure), failure);
    }

    private String free(Path directory) {
        try {
            return ByteCount.of(usableBytes(directory));
        } catch (IOException e) {
            return "few";
        }
    }

    /** Java has no type for it: these are the words of Linux, macOS and Windows. */
    private static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space");
    }
}
