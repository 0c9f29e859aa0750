package io.nuner.engine.trt.plan;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one builder at a time work on a plan: one thread of one process. The operating system frees it when the process ends,
 * however it ends. Closed by the thread that took it.
 */
final class PlanLock implements AutoCloseable {
    /** Locks of files hold between processes only. As many as plans that this process ever built. */
    private static final Map<Path, ReentrantLock> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private PlanLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Waits until nobody else has it.
     *
     * @param waiting called once before it has to wait
     */
    static PlanLock take(Path file, Runnable waiting) throws IOException {
        ReentrantLock threads = OF_THIS_PROCESS.computeIfAbsent(file.toAbsolutePath(), path -> new ReentrantLock());
        if (!threads.tryLock()) {
            waiting.run();
            threads.lock();
        }
        try {
            return new PlanLock(threads, locked(file, waiting));
        } catch (IOException | RuntimeException e) {
            threads.unlock();
            throw e;
        }
    }

    @SuppressWarnings("MustBeClosed") // the lock keeps the channel
    private static FileChannel locked(Path file, Runnable waiting) throws IOException {
        FileChannel channel = FileChannel.open(
                file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FileOwnership.OWNERS_FILE);
        try {
            lock(channel, waiting);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void lock(FileChannel channel, Runnable waiting) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            waiting.run();
            channel.lock();
        }
    }

    boolean isHeld() {
        return channel.isOpen();
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
