package io.nuner.server.answers;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;

/** A connection that only remembers whether it was cut. */
final class FakeLine implements Line {
    final CountDownLatch cut = new CountDownLatch(1);
    private final InetAddress peer;
    private final boolean isShared;

    /** From an address such as 127.0.0.2. */
    FakeLine(int lastByte) {
        this(lastByte, false);
    }

    /** From such an address, perhaps of a proxy. */
    FakeLine(int lastByte, boolean isShared) {
        this.isShared = isShared;
        try {
            peer = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    boolean isCut() {
        return cut.getCount() == 0;
    }

    @Override
    public InetAddress peer() {
        return peer;
    }

    @Override
    public boolean isShared() {
        return isShared;
    }

    @Override
    public boolean isOpen() {
        return !isCut();
    }

    @Override
    public void cut() {
        cut.countDown();
    }
}
