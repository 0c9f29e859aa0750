package io.nuner.engine.trt.device;

/**
 * A queue of work: what is added runs in order, later, beside other streams. One thread at a time; owns its native part until
 * closed.
 */
public interface DeviceStream extends AutoCloseable {
    /** Copies the first bytes. The source must not change until the copy is done. */
    void copyToDevice(PinnedMemory source, DeviceMemory target, long bytes) throws DeviceException;

    /** Copies the first bytes. */
    void copyToHost(DeviceMemory source, PinnedMemory target, long bytes) throws DeviceException;

    /** The event happens when everything added so far is done. */
    void record(DeviceEvent event) throws DeviceException;

    /** Work that is added from now on starts after the event's last {@link #record}. */
    void waitFor(DeviceEvent event) throws DeviceException;

    /** From now on work is noted down instead of run, until {@link #endCapture}. */
    void beginCapture() throws DeviceException;

    /**
     * Ends the capture in any case.
     *
     * @throws DeviceException if something was added that cannot be captured; the stream is usable again
     */
    CapturedGraph endCapture() throws DeviceException;

    /** Runs what was captured, with the shapes and addresses that it had. */
    void launch(CapturedGraph graph) throws DeviceException;

    @Override
    void close();
}
