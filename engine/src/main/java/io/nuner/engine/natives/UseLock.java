package io.nuner.engine.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, on a file of its own. Where the file system has no locks, or the file cannot be made,
 * it is not held and nobody waits. Any thread.
 *
 * <p>{@code ProcessLock} is for one holder at a time, and fails where there are no locks: without one, two processes would do the
 * same long work. Here many processes share a lock until they end, and a start without locks is better than none.
 */
final class UseLock implements AutoCloseable {
    /** What this process uses until it ends; closing a second channel on such a file would end the lock. */
    private static final Map<Path, UseLock> IN_USE = new HashMap<>();

    private final @Nullable FileChannel channel;
    private final boolean held;

    private UseLock(@Nullable FileChannel channel, boolean held) {
        this.channel = channel;
        this.held = held;
    }

    /** Waits until no other process holds it. */
    static UseLock exclusive(Path file) {
        return taken(file, FileChannel::lock);
    }

    /** Waits for nobody. */
    static UseLock tryExclusive(Path file) {
        synchronized (IN_USE) {
            return IN_USE.containsKey(file) ? new UseLock(null, false) : taken(file, FileChannel::tryLock);
        }
    }

    /** Shares it with others until this process ends. */
    static void hold(Path file) {
        synchronized (IN_USE) {
            IN_USE.computeIfAbsent(file, key -> taken(key, channel -> channel.tryLock(0, Long.MAX_VALUE, true)));
        }
    }

    private static UseLock taken(Path file, Taking taking) {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            return new UseLock(null, false);
        }
        try {
            return new UseLock(channel, taking.take(channel) != null);
        } catch (IOException | OverlappingFileLockException e) {
            return new UseLock(channel, false);
        }
    }

    boolean isHeld() {
        return held;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** Takes a lock on a channel; null if somebody else has it. */
    @FunctionalInterface
    private interface Taking {
        @Nullable
        FileLock take(FileChannel channel) throws IOException;
    }
}
