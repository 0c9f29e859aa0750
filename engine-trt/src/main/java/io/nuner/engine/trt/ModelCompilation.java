package io.nuner.engine.trt;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineException;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.parity.ReferenceEngine;
import io.nuner.engine.trt.plan.StoredPlan;
import io.nuner.engine.trt.profile.ProfileSet;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.engine.trt.typing.HalfGraphs;
import io.nuner.engine.trt.typing.HalfGraphs.TypedGraph;
import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the files that the plan store keeps for an exported model: types and compiles both graphs, and asks the reference for its
 * answers. One thread.
 */
final class ModelCompilation {
    /** TensorRT's own default: higher ones build much longer. */
    static final int OPTIMIZATION_LEVEL = 3;

    private static final double NANOS_PER_SECOND = 1e9;

    private final GpuMachine machine;
    private final ModelGraphs graphs;
    private final CompileSettings settings;
    private final ProfileSet profiles;
    private final Place place;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    ModelCompilation(
            GpuMachine machine, ModelGraphs graphs, CompileSettings settings, ProfileSet profiles, Place place) {
        this.machine = machine;
        this.graphs = graphs;
        this.settings = settings;
        this.profiles = profiles;
        this.place = place;
    }

    /** Writes the plans and the golden answers into an empty directory; returns the seconds of each step. */
    Map<String, Double> build(Path directory) throws EngineException {
        PlanCompiler compiler = machine.compiler();
        Path typed = newDirectory(directory.resolve("typed"));
        timed(
                "golden",
                () -> ReferenceEngine.find()
                        .answer(graphs, profiles.limits())
                        .write(directory.resolve(StoredPlan.GOLDEN)));
        TypedGraph encoder = type("encoder", graphs.encoder(), typed);
        compile(compiler, "encoder", encoder, directory.resolve(StoredPlan.ENCODER), profiles.encoderShapes());
        TypedGraph head = type("head", graphs.head(), typed);
        compile(compiler, "head", head, directory.resolve(StoredPlan.HEAD), profiles.headShapes(head.hiddenSize()));
        return seconds;
    }

    private static Path newDirectory(Path directory) throws EngineException {
        try {
            return Files.createDirectory(directory);
        } catch (IOException e) {
            throw EngineException.cannotOpen("cannot write " + directory + ": " + FileProblem.reasonOfWriting(e), e);
        }
    }

    private TypedGraph type(String name, ModelGraph graph, Path directory) throws EngineException {
        TypedGraph[] typed = new TypedGraph[1];
        timed(name + ".typing", () -> typed[0] = HalfGraphs.write(graph, directory, settings.precision()));
        return typed[0];
    }

    private void compile(PlanCompiler compiler, String name, TypedGraph typed, Path plan, List<List<ShapeRange>> shapes)
            throws EngineException {
        PlanCompiler.Request request = new PlanCompiler.Request(
                typed.graph(), plan, place.timingCache(), shapes, place.device(), OPTIMIZATION_LEVEL);
        timed(
                name + ".compiling",
                () -> compiler.compile(request, words -> settings.listener().progress(name + ": " + words)));
    }

    private void timed(String step, Step work) throws EngineException {
        settings.listener().progress(step);
        long start = System.nanoTime();
        work.run();
        seconds.put(step, (System.nanoTime() - start) / NANOS_PER_SECOND);
    }

    /**
     * Where to compile.
     *
     * @param device index of the GPU
     * @param timingCache measurements of kernels on such GPUs
     */
    record Place(int device, Path timingCache) {}

    /** Part of a build. */
    @FunctionalInterface
    private interface Step {
        void run() throws EngineException;
    }
}
