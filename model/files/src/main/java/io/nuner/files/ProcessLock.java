package io.nuner.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock on a file that one thread of one process holds. The operating system frees it when the process ends, however it ends;
 * the file stays. Closed by the thread that took it.
 */
public final class ProcessLock implements AutoCloseable {
    /** The system's locks hold between processes only. One for each file that this process ever locked. */
    private static final Map<Path, ReentrantLock> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private ProcessLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Waits until nobody else has it.
     *
     * @param waiting called before it has to wait
     * @param attributes of the file, if it is made now
     */
    public static ProcessLock take(Path file, Runnable waiting, FileAttribute<?>... attributes) throws IOException {
        ReentrantLock threads = threads(file);
        if (!threads.tryLock()) {
            waiting.run();
            threads.lock();
        }
        ProcessLock lock = opened(file, threads, attributes);
        try {
            if (!lock.isTaken()) {
                waiting.run();
                lock.channel.lock();
            }
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Takes it, unless anybody has it: another process, another thread or the caller. */
    public static Optional<ProcessLock> tryTake(Path file) throws IOException {
        ReentrantLock threads = threads(file);
        // To open and close the file would end the lock that this process has on it.
        if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
            return Optional.empty();
        }
        ProcessLock lock = opened(file, threads);
        try {
            if (lock.isTaken()) {
                return Optional.of(lock);
            }
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        lock.close();
        return Optional.empty();
    }

    private static ReentrantLock threads(Path file) {
        return OF_THIS_PROCESS.computeIfAbsent(file.toAbsolutePath(), path -> new ReentrantLock());
    }

    @SuppressWarnings("MustBeClosed") // the lock keeps the channel
    private static ProcessLock opened(Path file, ReentrantLock threads, FileAttribute<?>... attributes)
            throws IOException {
        try {
            return new ProcessLock(
                    threads,
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                            attributes));
        } catch (IOException | RuntimeException e) {
            threads.unlock();
            throw e;
        }
    }

    private boolean isTaken() throws IOException {
        FileLock lock = channel.tryLock();
        return lock != null;
    }

    /** Whether it was not closed. */
    public boolean isHeld() {
        return channel.isOpen();
    }

    /**
     * The file's content. Whoever holds the lock reads it here: to open and close the file in another way would end the lock.
     *
     * @param most bytes; what is beyond is left out
     */
    public byte[] read(int most) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(most);
        while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {}
        return Arrays.copyOf(content.array(), content.position());
    }

    /** Replaces the file's content. */
    public void write(byte[] content) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(content), 0);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            threads.unlock();
        }
    }
}
