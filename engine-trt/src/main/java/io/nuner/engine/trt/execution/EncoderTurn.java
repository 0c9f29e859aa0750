package io.nuner.engine.trt.execution;

import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets encoders of one GPU run one after the other, each beside the head of the one before. Any thread.
 *
 * <p>Two encoders at once would share the GPU and both end late. The order is kept by the GPU itself: a stream waits for
 * the event of the encoder before, no thread does.
 */
final class EncoderTurn {
    private @Nullable DeviceEvent last;

    /**
     * Adds an encoder to a stream, behind the one that was added last on this GPU.
     *
     * @param done recorded when the encoder is done; belongs to the stream's owner and must outlive this object
     */
    synchronized void take(DeviceStream stream, DeviceEvent done, Encoder encoder) throws DeviceException {
        if (last != null) {
            stream.waitFor(last);
        }
        encoder.enqueue();
        stream.record(done);
        last = done;
    }

    /** Adds an encoder to the stream. */
    @FunctionalInterface
    interface Encoder {
        void enqueue() throws DeviceException;
    }
}
