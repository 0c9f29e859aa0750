package io.nuner.engine.trt.testing;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PlanContext;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/** Keeps TensorRT's rules: shapes inside the profile, every tensor bound, no capture before a first run with these shapes. */
final class FakeContext implements PlanContext {
    private final FakeDevice device;
    private final OrtSession session;
    private final Map<String, FakePlan.Range> profile;
    private final Map<String, List<Long>> shapes = new HashMap<>();
    private final Map<String, Address> addresses = new HashMap<>();
    private final Set<Map<String, List<Long>>> warm = new HashSet<>();

    FakeContext(FakeDevice device, OrtSession session, Map<String, FakePlan.Range> profile) {
        this.device = device;
        this.session = session;
        this.profile = profile;
    }

    @Override
    public void shape(String input, long... dimensions) throws DeviceException {
        device.call("setInputShape");
        FakePlan.Range range = profile.get(input);
        if (range == null || !range.holds(dimensions)) {
            throw DeviceException.failed("setInputShape: " + input + " of "
                    + LongStream.of(dimensions).boxed().toList() + " is outside " + range);
        }
        shapes.put(input, LongStream.of(dimensions).boxed().toList());
    }

    @Override
    public void address(String tensor, DeviceMemory memory, long offset) throws DeviceException {
        device.call("setTensorAddress");
        if (offset % 256 != 0) {
            throw DeviceException.failed("setTensorAddress: " + tensor + " is not aligned");
        }
        addresses.put(tensor, new Address((FakeMemory) memory, offset));
    }

    @Override
    public void enqueue(DeviceStream target) throws DeviceException {
        FakeStream stream = (FakeStream) target;
        device.call("enqueueV3");
        Set<String> tensors = new HashSet<>(session.getInputNames());
        if (!shapes.keySet().equals(tensors)) {
            throw DeviceException.failed("enqueueV3: shapes are set of " + shapes.keySet() + " only");
        }
        tensors.addAll(session.getOutputNames());
        if (!addresses.keySet().equals(tensors)) {
            throw DeviceException.failed("enqueueV3: addresses are set of " + addresses.keySet() + " only");
        }
        if (stream.isCapturing() && !warm.contains(shapes)) {
            stream.breakCapture();
            throw DeviceException.failed("enqueueV3: the first run allocates, which cannot be captured");
        }
        warm.clear(); // what a context has set up is for its last shapes
        warm.add(Map.copyOf(shapes));
        Map<String, List<Long>> shapesNow = Map.copyOf(shapes);
        Map<String, Address> addressesNow = Map.copyOf(addresses);
        stream.add(() -> run(shapesNow, addressesNow));
    }

    private void run(Map<String, List<Long>> inputShapes, Map<String, Address> places) throws DeviceException {
        Map<String, OnnxTensorLike> inputs = new HashMap<>();
        try {
            for (Map.Entry<String, List<Long>> input : inputShapes.entrySet()) {
                inputs.put(input.getKey(), tensor(input.getKey(), input.getValue(), places));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
                    write((OnnxTensor) output.getValue(), place(output.getKey(), places));
                }
            }
            device.ran(inputShapes.containsKey("token_ids") ? "encoder" : "head");
        } catch (OrtException e) {
            throw DeviceException.failed("enqueueV3: " + e.getMessage());
        } finally {
            inputs.values().forEach(OnnxTensorLike::close);
        }
    }

    private OnnxTensor tensor(String name, List<Long> shape, Map<String, Address> places) throws OrtException {
        long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
        long count = LongStream.of(dimensions).reduce(1, Math::multiplyExact);
        TensorInfo info = (TensorInfo)
                Objects.requireNonNull(session.getInputInfo().get(name)).getInfo();
        Address place = place(name, places);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (info.type == OnnxJavaType.INT32) {
            return OnnxTensor.createTensor(
                    environment,
                    place.memory.at(place.offset, count * Integer.BYTES).asIntBuffer(),
                    dimensions);
        }
        return OnnxTensor.createTensor(
                environment, place.memory.at(place.offset, count * Float.BYTES).asFloatBuffer(), dimensions);
    }

    private static void write(OnnxTensor output, Address place) {
        FloatBuffer values = output.getFloatBuffer();
        place.memory
                .at(place.offset, (long) values.remaining() * Float.BYTES)
                .asFloatBuffer()
                .put(values);
    }

    private static Address place(String name, Map<String, Address> places) {
        Address place = places.get(name);
        if (place == null) {
            throw new IllegalStateException(name + " has no address");
        }
        return place;
    }

    private record Address(FakeMemory memory, long offset) {}
}
