package io.nuner.engine.trt.binding.probe;

import com.google.protobuf.TextFormat;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.process.ChildEnd;
import io.nuner.engine.trt.process.ChildJvm;
import io.nuner.engine.trt.process.LineMessage;
import io.nuner.model.format.tensorrt.DeviceMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run of the {@link Probe}, and what it told. One thread at a time. */
final class ProbeRun {
    private final LibrarySet libraries;
    private final List<DeviceInfo> devices = new ArrayList<>();
    private String step = "starting";
    private String version = "";
    private Optional<String> fault = Optional.empty();
    private boolean good;

    private ProbeRun(LibrarySet libraries) {
        this.libraries = libraries;
    }

    /** Runs the probe. Its report has a sentence for every way in which it can end. */
    static GpuReport of(LibrarySet libraries, Duration limit) throws InterruptedException {
        ProbeRun run = new ProbeRun(libraries);
        String set = TextFormat.printer().shortDebugString(libraries.message());
        ChildJvm jvm = new ChildJvm(Probe.class.getName(), List.of("-Xmx128m"));
        try {
            ChildEnd end = jvm.run(List.of(set), Optional.of(limit), run::hear);
            return run.report(end, limit);
        } catch (IOException e) {
            return GpuReport.unusable("the process that tries the GPU cannot be started (" + e + ")");
        }
    }

    private synchronized void hear(String line) {
        LineMessage.parse(line).ifPresent(this::hear);
    }

    private void hear(LineMessage message) {
        switch (message.topic()) {
            case Probe.STEP -> step = message.text();
            case Probe.VERSION -> version = message.text();
            case Probe.DEVICE -> devices.add(device(message.text()));
            case Probe.FAULT -> fault = Optional.of(message.text());
            case Probe.GOOD -> good = true;
            default -> throw new IllegalArgumentException("a topic that the probe does not have: " + message.topic());
        }
    }

    /** Reads what {@link Probe#line} wrote. */
    static DeviceInfo device(String line) {
        try {
            DeviceMessage message = TextFormat.parse(line, DeviceMessage.class);
            return new DeviceInfo(
                    message.getIndex(),
                    message.getName(),
                    message.getComputeCapability(),
                    message.getMultiprocessors(),
                    message.getMemoryBytes(),
                    message.getDriver());
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException("no device: " + line, e);
        }
    }

    private synchronized GpuReport report(ChildEnd end, Duration limit) {
        if (fault.isPresent()) {
            return GpuReport.unusable(fault.get());
        }
        if (end.timedOut()) {
            return GpuReport.unusable("the process that tries the GPU was still " + step + " after " + limit.toSeconds()
                    + " s and was ended");
        }
        if (!good || !end.isGood()) {
            return GpuReport.unusable("the process that tries the GPU " + end.words() + " while " + step);
        }
        return GpuReport.usable(libraries, version, devices);
    }
}
