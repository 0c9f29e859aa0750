package io.nuner.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one process at a time fetch a model. The operating system frees it when the process ends, however it ends. */
final class FetchLock implements AutoCloseable {
    private final FileChannel channel;

    private FetchLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for other processes, and says so. */
    @SuppressWarnings("MustBeClosed") // the lock keeps the channel
    static FetchLock take(Path file, FetchListener listener) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(channel, file, listener);
            return new FetchLock(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void lock(FileChannel channel, Path file, FetchListener listener) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            listener.note("another process is fetching this model; waiting for it (" + file + ")");
            channel.lock();
        }
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
