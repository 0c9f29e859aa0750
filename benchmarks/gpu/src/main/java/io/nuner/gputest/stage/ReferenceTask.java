package io.nuner.gputest.stage;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineException;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.trt.binding.compiler.CompilerProcess;
import io.nuner.engine.trt.binding.probe.Gpus;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.execution.DeviceFailures;
import io.nuner.engine.trt.typing.GraphFile;
import io.nuner.engine.trt.typing.HalfGraphs;
import io.nuner.engine.trt.typing.HalfGraphs.TypedGraph;
import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.options.Options.BuildOptions;
import io.nuner.gputest.reference.CpuReference;
import io.nuner.gputest.reference.GpuReference;
import io.nuner.gputest.reference.PaddedBatch;
import io.nuner.gputest.reference.ReferenceGraph;
import io.nuner.gputest.reference.ReferencePlan;
import io.nuner.gputest.reference.ReferenceRun;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * S8b: the encoder in the form in which the reference exports it, on the same texts as S5. On a GPU typed by the engine's rules and
 * compiled by its compiler; in a rehearsal in ONNX Runtime on the CPU.
 */
final class ReferenceTask implements StageTask {
    /** Hidden states come out of a norm: their size is near 1, and those of another computation differ by several. */
    private static final double MOST_DIFFERENCE = 0.5;

    private static final int BATCHES = 4;
    private static final double BUILD_SHARE = 0.85;

    /** With less time than this, one profile is compiled instead of none in time. A guess: no GPU has been timed yet. */
    private static final double SECONDS_FOR_ALL_PROFILES = 100;

    @Override
    public void run(StageContext context) throws Exception {
        try (ReferenceFiles files = ReferenceFiles.in(context.options().work())) {
            context.progress("writing the graph");
            Path checkpoint =
                    context.exported().resolveSibling(context.options().modelName());
            Path graph = ReferenceGraph.write(checkpoint, files.exported());
            List<Integer> profiles = profiles(context);
            List<ReferenceLoad> loads = loads(context, profiles);
            if (context.options().isRehearsal()) {
                context.note(
                        "rehearsal: this form runs in ONNX Runtime on the CPU, in float32, and so does ours in S5");
                try (CpuReference reference = openOnCpu(graph)) {
                    new ReferenceRates(context, loads).measure(reference);
                }
            } else {
                new OnGpu(context, files, graph, profiles).measure(loads);
            }
        }
    }

    private static CpuReference openOnCpu(Path graph) throws EngineException {
        return CpuReference.open(graph, Runtime.getRuntime().availableProcessors());
    }

    /** Profiles that there is time to compile. */
    private static List<Integer> profiles(StageContext context) {
        BuildOptions build = context.options().build();
        boolean rushed = !context.options().isRehearsal() && context.leftSeconds() < SECONDS_FOR_ALL_PROFILES;
        if (!rushed || build.profiles().size() == 1) {
            return build.profiles();
        }
        int one = build.typicalProfile();
        context.note("less than %.0f s for all profiles, so S=%d alone".formatted(SECONDS_FOR_ALL_PROFILES, one));
        return List.of(one);
    }

    /** The loads of S5, mixed lengths only where every profile of S5 is there. */
    private static List<ReferenceLoad> loads(StageContext context, List<Integer> profiles) throws ModelException {
        BuildOptions build = context.options().build();
        try (NerModel model = NerModel.open(context.exported())) {
            TestTexts texts = TestTexts.of(model, build.seed());
            List<ReferenceLoad> loads = new ArrayList<>();
            for (int length : profiles) {
                loads.add(ReferenceLoad.ofOneLength(length, Batches.full(texts, length, build, BATCHES)));
            }
            if (profiles.equals(build.profiles())) {
                loads.add(mixed(context, texts));
            }
            return loads;
        }
    }

    private static ReferenceLoad mixed(StageContext context, TestTexts texts) {
        BuildOptions build = context.options().build();
        EngineCells cells =
                context.options().isRehearsal() ? EngineCells.ANY : EngineCells.copyOf(build.profiles(), List.of());
        int[] lengths = Lengths.mixed(ThroughputTask.SHORTEST, build.longestRow())
                .draw(ThroughputTask.MIXED_TEXTS, build.seed());
        List<PackedBatch> batches = Batches.grouped(
                TestTexts.rows(texts.ofLengths(lengths)), OpenedEngine.limits(build), cells, build.seed());
        return ReferenceLoad.mixed(batches, cells);
    }

    /** The stage on a GPU. */
    private record OnGpu(StageContext context, ReferenceFiles files, Path graph, List<Integer> profiles) {
        void measure(List<ReferenceLoad> loads) throws EngineException, IOException {
            DeviceLayer layer = Gpus.ofThisMachine().deviceLayer();
            DeviceInfo gpu = layer.devices().get(0);
            if (layer.devices().size() > 1) {
                context.note(
                        "on the first of " + layer.devices().size() + " GPUs; S5 spreads its lanes over all of them");
            }
            ReferencePlan plan = compile(gpu);
            context.progress("loading the plan");
            try (GpuReference reference = GpuReference.open(open(layer, gpu), plan)) {
                compare(reference, loads.get(0).batches().get(0));
                new ReferenceRates(context, loads).measureWithGraphs(reference);
            }
        }

        private static Device open(DeviceLayer layer, DeviceInfo gpu) throws EngineException {
            try {
                return layer.open(gpu.index());
            } catch (DeviceException e) {
                throw DeviceFailures.whileOpening("GPU " + gpu.index(), e);
            }
        }

        private ReferencePlan compile(DeviceInfo gpu) throws EngineException, IOException {
            BuildOptions build = context.options().build();
            double start = context.elapsedSeconds();
            TypedGraph typed = HalfGraphs.write(GraphFile.read(graph), files.typed(), build.precision());
            double typedAt = context.elapsedSeconds();
            context.measured(Measurement.of("typing", typedAt - start, "s"));
            Duration limit = Duration.ofMillis((long) (1000 * Math.max(1, BUILD_SHARE * context.leftSeconds())));
            ReferencePlan plan = ReferencePlan.compile(
                    Gpus.ofThisMachine().compiler(new CompilerProcess.Settings(0, false, Optional.of(limit))),
                    typed,
                    new ReferencePlan.Shapes(profiles, build.batchTokens()),
                    new ReferencePlan.Place(gpu.index(), files.timingCache()),
                    context::progress);
            context.measured(Measurement.of("compiling", context.elapsedSeconds() - typedAt, "s"));
            context.measured(Measurement.of("plan", Files.size(plan.file()) / (double) (1 << 20), "MiB"));
            return plan;
        }

        /** What computes something else is no baseline. */
        private void compare(ReferenceRun reference, PaddedBatch batch) throws EngineException, IOException {
            context.progress("comparing with the CPU");
            float[] found = reference.firstRow(batch);
            try (CpuReference cpu = openOnCpu(graph)) {
                double largest = largestDifference(cpu.firstRow(batch.onlyFirstRow()), found);
                if (!(largest < MOST_DIFFERENCE)) { // nor if it is no number
                    throw new IOException(
                            "its hidden states differ by " + largest + " from those in float32 on the CPU");
                }
                context.measured(Measurement.of("largest difference of a hidden state from the CPU's", largest, ""));
            }
        }

        private static double largestDifference(float[] expected, float[] found) {
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs((double) expected[i] - found[i])); // once NaN, it stays NaN
            }
            return largest;
        }
    }
}
