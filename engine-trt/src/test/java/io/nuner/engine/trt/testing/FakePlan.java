package io.nuner.engine.trt.testing;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PlanContext;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph in ONNX Runtime that takes shapes of its profiles only. Any thread. */
final class FakePlan implements LoadedPlan {
    static final String MAGIC = "fake plan 1";

    private static final long SCRATCH = 1 << 16;

    private final FakeDevice device;
    private final OrtSession session;
    private final List<Map<String, Range>> profiles;

    private FakePlan(FakeDevice device, OrtSession session, List<Map<String, Range>> profiles) {
        this.device = device;
        this.session = session;
        this.profiles = profiles;
    }

    static FakePlan read(FakeDevice device, ByteBuffer plan) throws DeviceException {
        byte[] bytes = new byte[plan.remaining()];
        plan.duplicate().get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (!in.readUTF().equals(MAGIC)) {
                throw DeviceException.failed("deserializeCudaEngine: no plan");
            }
            Path directory = Files.createTempDirectory("fake-plan");
            Path graph = unpack(in, directory);
            Path weights = unpack(in, directory);
            OrtSession session = OrtEnvironment.getEnvironment().createSession(graph.toString());
            for (Path file : List.of(graph, weights, directory)) {
                Files.delete(file);
            }
            return new FakePlan(device, session, readProfiles(in));
        } catch (IOException | OrtException e) {
            throw DeviceException.failed("deserializeCudaEngine: " + e.getMessage());
        }
    }

    private static Path unpack(DataInputStream in, Path directory) throws IOException {
        Path file = directory.resolve(in.readUTF());
        return Files.write(file, in.readNBytes(in.readInt()));
    }

    private static List<Map<String, Range>> readProfiles(DataInputStream in) throws IOException {
        List<Map<String, Range>> profiles = new ArrayList<>();
        for (int profile = in.readInt(); profile > 0; profile--) {
            Map<String, Range> ranges = new HashMap<>();
            for (int input = in.readInt(); input > 0; input--) {
                String name = in.readUTF();
                ranges.put(name, Range.read(in));
            }
            profiles.add(ranges);
        }
        return profiles;
    }

    @Override
    public Set<String> inputs() {
        return session.getInputNames();
    }

    @Override
    public Set<String> outputs() {
        return session.getOutputNames();
    }

    @Override
    public int profiles() {
        return profiles.size();
    }

    @Override
    public long scratchBytes() {
        return SCRATCH;
    }

    @Override
    public PlanContext newContext(int profile, DeviceMemory scratch) throws DeviceException {
        device.call("createExecutionContext");
        if (scratch.bytes() < SCRATCH) {
            throw DeviceException.failed("setDeviceMemoryV2: too small");
        }
        device.contextMade();
        return new FakeContext(device, session, profiles.get(profile));
    }

    /** Smallest and largest size of each dimension. */
    record Range(List<Long> min, List<Long> max) {
        static Range read(DataInputStream in) throws IOException {
            List<Long> min = new ArrayList<>();
            List<Long> max = new ArrayList<>();
            for (int axis = in.readInt(); axis > 0; axis--) {
                min.add(in.readLong());
                max.add(in.readLong());
            }
            return new Range(min, max);
        }

        boolean holds(long... shape) {
            boolean holds = shape.length == min.size();
            for (int axis = 0; holds && axis < shape.length; axis++) {
                holds = shape[axis] >= min.get(axis) && shape[axis] <= max.get(axis);
            }
            return holds;
        }
    }
}
