package io.nuner.server.transport;

import io.nuner.server.transport.TransportConfig.Noise;
import java.util.concurrent.TimeUnit;

/**
 * How noisy a connection is: frames that bring nothing, and calls that are begun only to be given up. On its event loop.
 *
 * <p>What is allowed grows with the work done, so that honest clients never meet a bound however busy they are.
 */
final class Calm {
    /** Frames that bring nothing are granted for each call begun and each frame of an answer. */
    static final int FRAMES_FOR_EACH = 10;

    private static final long FRAMES_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RESETS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Allowance frames;
    private final Allowance resets;

    Calm(Noise noise, long nowNanos) {
        frames = new Allowance(noise.frames(), FRAMES_NANOS, nowNanos);
        resets = new Allowance(noise.resets(), RESETS_NANOS, nowNanos);
    }

    /** A call was begun, or a frame of an answer was sent. */
    void worked() {
        frames.left += FRAMES_FOR_EACH;
    }

    /** A call came to its end, or its time was over. */
    void ended() {
        resets.left++;
    }

    /** A frame that brings nothing; false if it is one too many. */
    boolean noise(long nowNanos) {
        return frames.take(nowNanos);
    }

    /** A call was given up; false if it is one too many. */
    boolean reset(long nowNanos) {
        return resets.take(nowNanos);
    }

    /** So many in a stretch of time, and those that were earned in it. */
    private static final class Allowance {
        private final int most;
        private final long stretchNanos;
        private long beganNanos;
        private int left;

        private Allowance(int most, long stretchNanos, long nowNanos) {
            this.most = most;
            this.stretchNanos = stretchNanos;
            beganNanos = nowNanos;
            left = most;
        }

        private boolean take(long nowNanos) {
            if (nowNanos - beganNanos >= stretchNanos) {
                beganNanos = nowNanos;
                left = most;
            }
            left--;
            return left >= 0;
        }
    }
}
