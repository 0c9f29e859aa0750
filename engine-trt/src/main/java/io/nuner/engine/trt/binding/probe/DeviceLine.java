package io.nuner.engine.trt.binding.probe;

import io.nuner.engine.trt.device.DeviceInfo;

/** A GPU in one line, as the probe tells it. */
final class DeviceLine {
    private static final int FIELDS = 6;

    private DeviceLine() {}

    static String write(DeviceInfo device) {
        return String.join(
                " ",
                Integer.toString(device.index()),
                device.computeCapability(),
                Integer.toString(device.multiprocessors()),
                Long.toString(device.memoryBytes()),
                device.driver(),
                device.name());
    }

    /** Reads what {@link #write} wrote; the name comes last because it has spaces. */
    static DeviceInfo parse(String line) {
        String[] fields = line.split(" ", FIELDS);
        if (fields.length < FIELDS - 1) {
            throw new IllegalArgumentException("device: needs " + FIELDS + " fields");
        }
        String name = fields.length == FIELDS ? fields[FIELDS - 1] : "";
        return new DeviceInfo(
                Integer.parseInt(fields[0]),
                name,
                fields[1],
                Integer.parseInt(fields[2]),
                Long.parseLong(fields[3]),
                fields[4]);
    }
}
