package io.nuner.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a server sends on one call, kept until it is taken: as many messages as were asked for, and how the call ended. gRPC's
 * threads put in, one thread at a time takes out.
 */
final class Inbox<T> extends ClientCall.Listener<T> {
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<T> messages = new ArrayDeque<>();
    private boolean news;
    private @Nullable End end;

    /** How a call ended. */
    record End(Status status, Metadata trailers) {}

    @Override
    public void onMessage(T message) {
        change(() -> messages.add(message));
    }

    /** The call takes messages again. */
    @Override
    public void onReady() {
        change(() -> {});
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        change(() -> end = new End(status, trailers));
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            news = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean hasMessage() {
        lock.lock();
        try {
            return !messages.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The next message; null if none is here. */
    @Nullable
    T poll() {
        lock.lock();
        try {
            return messages.poll();
        } finally {
            lock.unlock();
        }
    }

    /** How the call ended; null until it has, and until every message is taken. */
    @Nullable
    End end() {
        lock.lock();
        try {
            return messages.isEmpty() ? end : null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until anything has happened since the last time it returned true; false if the time is over before. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!news && left > 0) {
                left = changed.awaitNanos(left);
            }
            boolean any = news;
            news = false;
            return any;
        } finally {
            lock.unlock();
        }
    }
}
