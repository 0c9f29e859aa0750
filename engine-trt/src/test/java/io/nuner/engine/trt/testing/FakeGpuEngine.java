package io.nuner.engine.trt.testing;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.execution.GpuPlans;
import io.nuner.engine.trt.execution.ModelSizes;
import io.nuner.engine.trt.execution.TensorRtEngine;
import io.nuner.engine.trt.profile.ProfileSet;
import io.nuner.engine.trt.profile.ShapeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens graphs, in float32, on GPUs that are none. Immutable. */
public record FakeGpuEngine(FakeDeviceLayer layer, ProfileSet profiles, int lanes, int maxCapturedTokens) {
    /** Profiles with lengths that tests can fill. */
    public static ProfileSet profiles(EngineLimits limits) {
        return ProfileSet.of(List.of(16, 32, 64, 128, 512, 1024), limits);
    }

    /** Compiles both graphs, loads them on every GPU. */
    public TensorRtEngine open(ModelGraphs graphs, int hiddenSize) throws EngineException, DeviceException {
        ByteBuffer encoder = compile(graphs.encoder().file(), profiles.encoderShapes());
        ByteBuffer head = compile(graphs.head().file(), profiles.headShapes(hiddenSize));
        graphs.requireUnchanged();
        List<GpuPlans> plans = new ArrayList<>();
        for (int index = 0; index < layer.devices().size(); index++) {
            FakeDevice device = layer.open(index);
            device.makeCurrent();
            LoadedPlan loadedEncoder = device.load(encoder);
            plans.add(new GpuPlans(device, loadedEncoder, device.load(head)));
        }
        return TensorRtEngine.of(
                plans,
                profiles,
                new ModelSizes(hiddenSize, graphs.maxWidth()),
                new EngineDescription("tensorrt", layer.version(), "Fake GPU", lanes),
                maxCapturedTokens);
    }

    private static ByteBuffer compile(Path graph, List<List<ShapeRange>> profiles) throws EngineException {
        try {
            Path directory = Files.createTempDirectory("plans");
            Path plan = directory.resolve("plan");
            new FakeCompiler()
                    .compile(
                            new PlanCompiler.Request(graph, plan, directory.resolve("timing"), profiles, 0, 3),
                            words -> {});
            ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(plan));
            Files.delete(plan);
            Files.delete(directory);
            return content;
        } catch (IOException e) {
            throw EngineException.cannotOpen(graph + ": " + e.getMessage(), e);
        }
    }
}
