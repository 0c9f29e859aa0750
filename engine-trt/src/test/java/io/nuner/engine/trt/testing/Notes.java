package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.DeviceStream;

/** Work that only leaves its name in the log. */
public final class Notes {
    private Notes() {}

    /** Adds it to a fake stream. */
    public static void add(DeviceStream stream, String name) {
        ((FakeStream) stream).note(name);
    }
}
