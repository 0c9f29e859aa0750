package io.nuner.server.rpc;

import io.nuner.server.answers.StreamWork;
import io.nuner.server.batching.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one stream that the server has not admitted yet, the first to come first. Any thread.
 *
 * <p>They are started again after a pause, which grows as long as it does not help. No thread waits meanwhile.
 */
final class AdmissionRetryQueue {
    private static final long SHORTEST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final StreamWork work;
    private final Runnable goOn;
    private final Deque<StreamedText> texts = new ArrayDeque<>();
    private boolean pausing;
    private long pauseMillis = SHORTEST_PAUSE_MILLIS;

    /**
     * Nobody waits.
     *
     * @param goOn what is done after a pause, on a thread of calls
     */
    AdmissionRetryQueue(StreamWork work, Runnable goOn) {
        this.work = work;
        this.goOn = goOn;
    }

    synchronized boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Lets a text wait if others do; false if none does. */
    synchronized boolean joins(StreamedText text) {
        boolean joins = !texts.isEmpty();
        if (joins) {
            texts.addLast(text);
        }
        return joins;
    }

    /** A text was not admitted: it goes first after the pause. */
    synchronized void refused(StreamedText text, Refusal refusal) {
        texts.addFirst(text);
        pause(Math.max(pauseMillis, Math.min(LONGEST_PAUSE_MILLIS, refusal.hintMillis())));
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }

    /** A text was admitted. */
    synchronized void admitted() {
        pauseMillis = SHORTEST_PAUSE_MILLIS;
    }

    /** Lets the stream go on after the longest pause. */
    synchronized void pause() {
        pause(LONGEST_PAUSE_MILLIS);
    }

    private void pause(long millis) {
        if (!pausing) {
            pausing = true;
            var unused = work.timer().schedule(() -> work.threads().execute(this::over), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void over() {
        synchronized (this) {
            pausing = false;
        }
        goOn.run();
    }

    /** Takes the first one out; null if there is none. */
    synchronized @Nullable StreamedText next() {
        return texts.pollFirst();
    }

    /** Takes all out. */
    synchronized List<StreamedText> takeAll() {
        List<StreamedText> all = List.copyOf(texts);
        texts.clear();
        return all;
    }
}
