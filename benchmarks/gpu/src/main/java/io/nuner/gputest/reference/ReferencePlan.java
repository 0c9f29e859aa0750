package io.nuner.gputest.reference;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.build.PlanCompiler;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.execution.DeviceFailures;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.engine.trt.typing.HalfGraphs.TypedGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A plan of the reference's graph. Immutable.
 *
 * @param file the plan
 * @param shapes what it runs
 * @param hiddenSize values of a hidden state
 */
public record ReferencePlan(Path file, Shapes shapes, int hiddenSize) {
    /** As the engine compiles. */
    private static final int OPTIMIZATION_LEVEL = 3;

    /** Compiles a graph; the plan is written beside it. */
    public static ReferencePlan compile(
            PlanCompiler compiler, TypedGraph graph, Shapes shapes, Place place, PlanCompiler.Progress progress)
            throws EngineException {
        Path file = graph.graph().resolveSibling("reference.plan");
        PlanCompiler.Request request = new PlanCompiler.Request(
                graph.graph(), file, place.timingCache(), shapes.profiles(), place.device(), OPTIMIZATION_LEVEL);
        compiler.compile(request, progress);
        return new ReferencePlan(file, shapes, graph.hiddenSize());
    }

    /** Loads it on a GPU, which is current in this thread. */
    LoadedPlan loadOn(Device device) throws EngineException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer plan = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return device.load(plan);
        } catch (IOException e) {
            throw EngineException.cannotOpen("cannot read " + file + ": " + e.getMessage(), e);
        } catch (DeviceException e) {
            throw DeviceFailures.whileOpening("the plan " + file, e);
        }
    }

    /**
     * Where to compile.
     *
     * @param device index of the GPU
     * @param timingCache measurements of kernels on such GPUs
     */
    public record Place(int device, Path timingCache) {}

    /**
     * One profile for each length, tuned for its fullest batch: for exactly what is measured.
     *
     * @param lengths places of a row, in the order of the profiles
     * @param batchTokens places of a batch at most
     */
    public record Shapes(List<Integer> lengths, int batchTokens) {
        public Shapes {
            lengths = List.copyOf(lengths);
        }

        List<List<ShapeRange>> profiles() {
            return lengths.stream().map(this::profile).toList();
        }

        private List<ShapeRange> profile(int length) {
            List<Long> least = List.of(1L, (long) length);
            List<Long> most = List.of((long) rows(length), (long) length);
            return List.of(
                    new ShapeRange(ReferenceGraph.INPUT_IDS, least, most, most),
                    new ShapeRange(ReferenceGraph.ATTENTION_MASK, least, most, most));
        }

        private int rows(int length) {
            return Math.max(1, batchTokens / length);
        }

        /** Places of the largest batch. */
        int mostPlaces() {
            return lengths.stream()
                    .mapToInt(length -> length * rows(length))
                    .max()
                    .orElseThrow();
        }
    }
}
