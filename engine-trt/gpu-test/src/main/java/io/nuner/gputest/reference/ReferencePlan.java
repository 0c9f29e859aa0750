package io.nuner.gputest.reference;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.build.CompileRequest;
import io.nuner.engine.trt.build.PlanCompiler;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.execution.DeviceFailures;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.engine.trt.typing.TypedGraph;
import io.nuner.gputest.options.Options.BuildOptions;
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
 * @param profiles places of a row in each optimization profile, in their order
 * @param batchTokens places of a batch at most
 * @param hiddenSize values of a hidden state
 */
public record ReferencePlan(Path file, List<Integer> profiles, int batchTokens, int hiddenSize) {
    /** As the engine compiles. */
    private static final int OPTIMIZATION_LEVEL = 3;

    public ReferencePlan {
        profiles = List.copyOf(profiles);
    }

    /**
     * Compiles a graph, with one profile for each length and tuned for its fullest batch: for exactly what is measured.
     *
     * <p>The plan is written beside the graph.
     */
    public static ReferencePlan compile(
            PlanCompiler compiler, TypedGraph graph, BuildOptions build, Place place, PlanCompiler.Progress progress)
            throws EngineException {
        Path file = graph.graph().resolveSibling("reference.plan");
        List<List<ShapeRange>> shapes = build.profiles().stream()
                .map(length -> shapes(length, rows(build.batchTokens(), length)))
                .toList();
        compiler.compile(
                new CompileRequest(
                        graph.graph(), file, place.timingCache(), shapes, place.device(), OPTIMIZATION_LEVEL),
                progress);
        return new ReferencePlan(file, build.profiles(), build.batchTokens(), graph.hiddenSize());
    }

    private static int rows(int batchTokens, int length) {
        return Math.max(1, batchTokens / length);
    }

    private static List<ShapeRange> shapes(long length, long rows) {
        List<Long> least = List.of(1L, length);
        List<Long> most = List.of(rows, length);
        return List.of(
                new ShapeRange(ReferenceGraph.INPUT_IDS, least, most, most),
                new ShapeRange(ReferenceGraph.ATTENTION_MASK, least, most, most));
    }

    /** Places of the largest batch. */
    int mostPlaces() {
        return profiles.stream()
                .mapToInt(length -> length * rows(batchTokens, length))
                .max()
                .orElseThrow();
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
}
