package io.nuner.engine.trt;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.execution.CaptureSizes;
import io.nuner.engine.trt.execution.DeviceFailures;
import io.nuner.engine.trt.execution.GpuPlans;
import io.nuner.engine.trt.execution.ModelSizes;
import io.nuner.engine.trt.execution.TensorRtEngine;
import io.nuner.engine.trt.parity.GoldenBatch;
import io.nuner.engine.trt.parity.ParityGate;
import io.nuner.engine.trt.plan.PlanKey;
import io.nuner.engine.trt.plan.PlanStore;
import io.nuner.engine.trt.plan.StoredPlan;
import io.nuner.engine.trt.profile.ProfileSet;
import io.nuner.engine.trt.typing.HalfGraphs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One opening of a model on a machine's GPUs: plans from the store or built now, loaded on every GPU, past the parity gate. One
 * thread.
 */
final class EngineOpening {
    /** A system property: false compares without CUDA graphs; no encoder is captured then. */
    private static final String GRAPHS = "nuner.trt.graphs";

    /** A system property: true lets the parity gate measure and refuse nothing, to find the cause of a refusal. */
    private static final String MEASURE_ONLY = "nuner.trt.parity.measure-only";

    private final GpuMachine machine;
    private final ModelGraphs graphs;
    private final EngineSettings settings;
    private final CompileSettings compilation;
    private final ProfileSet profiles;
    private final PlanKey.Model model;
    private final PlanStore store;
    /** By the digits of their keys. */
    private final Map<String, StoredPlan> plans = new LinkedHashMap<>();

    private EngineOpening(GpuMachine machine, ModelGraphs graphs, EngineSettings settings, CompileSettings compilation)
            throws EngineException {
        this.machine = machine;
        this.graphs = graphs;
        this.settings = settings;
        this.compilation = compilation;
        profiles = ProfileSet.of(compilation.rowLengths(), settings.limits().within(graphs));
        model = PlanKey.Model.of(graphs, HalfGraphs.VERSION, compilation.precision());
        store = PlanStore.of(compilation);
    }

    /**
     * Opens a model.
     *
     * @throws EngineException with one sentence, if it cannot be compiled or loaded, or answers otherwise than the reference
     */
    static TensorRtEngine open(GpuMachine machine, ModelGraphs graphs, EngineSettings settings) throws EngineException {
        HalfGraphs.requireFloat32(graphs.encoder());
        HalfGraphs.requireFloat32(graphs.head());
        DeviceLayer layer = machine.deviceLayer();
        CompileSettings compilation = settings.compilation()
                .orElseThrow(() -> EngineException.cannotOpen(
                        "the engine tensorrt compiles models and must be told where to keep them",
                        new IllegalArgumentException("no compilation settings")));
        return new EngineOpening(machine, graphs, settings, compilation).open(layer);
    }

    private TensorRtEngine open(DeviceLayer layer) throws EngineException {
        int hiddenSize = HalfGraphs.hiddenSize(graphs.encoder());
        List<GpuPlans> loaded = new ArrayList<>();
        for (DeviceInfo info : layer.devices()) {
            loaded.add(load(layer, info));
        }
        TensorRtEngine engine = TensorRtEngine.of(
                loaded,
                profiles,
                new ModelSizes(hiddenSize, graphs.maxWidth()),
                description(layer),
                maxCapturedTokens());
        List<EngineLane> lanes = new ArrayList<>();
        try {
            openLanes(engine, lanes);
            engine.prove(lanes.size(), parity(engine, lanes));
            graphs.requireUnchanged();
            return engine;
        } finally {
            lanes.forEach(EngineLane::close); // the engine keeps their slots
        }
    }

    /** Tokens of the largest batch that is captured; 0 for none. */
    private static int maxCapturedTokens() {
        return Boolean.parseBoolean(System.getProperty(GRAPHS, "true")) ? CaptureSizes.DEFAULT_MAX_TOKENS : 0;
    }

    /** Opens all lanes now, so that a lack of memory shows at the start; one lane is enough to serve. */
    private void openLanes(TensorRtEngine engine, List<EngineLane> lanes) throws EngineException {
        while (lanes.size() < settings.lanes()) {
            try {
                lanes.add(engine.openLane());
            } catch (EngineException e) {
                if (lanes.isEmpty() || e.kind() == EngineException.Kind.DEVICE_FAILED) {
                    throw e;
                }
                compilation
                        .listener()
                        .warning("only " + lanes.size() + " of " + settings.lanes() + " lanes: " + e.getMessage());
                return;
            }
        }
    }

    private EngineDescription description(DeviceLayer layer) {
        Map<String, Long> counts = layer.devices().stream()
                .collect(Collectors.groupingBy(DeviceInfo::name, LinkedHashMap::new, Collectors.counting()));
        String device = counts.entrySet().stream()
                .map(entry -> entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " x " + entry.getKey())
                .collect(Collectors.joining(", "));
        return new EngineDescription(TensorRtEngineProvider.NAME, layer.version(), device, settings.lanes());
    }

    private GpuPlans load(DeviceLayer layer, DeviceInfo info) throws EngineException {
        StoredPlan plan = plan(layer, info);
        try {
            compilation.listener().progress("loading the plan on GPU " + info.index());
            Device device = layer.open(info.index());
            device.makeCurrent();
            return new GpuPlans(device, device.load(plan.encoder()), device.load(plan.head()));
        } catch (DeviceException e) {
            throw DeviceFailures.whileOpening("the plan " + plan.directory() + " on GPU " + info.index(), e);
        }
    }

    /** The plan for a GPU; GPUs of one kind share one. */
    private StoredPlan plan(DeviceLayer layer, DeviceInfo info) throws EngineException {
        PlanKey.Target target = PlanKey.Target.here(layer.version(), info, machine.builderResources());
        PlanKey key = PlanKey.of(
                model, new PlanKey.Options(profiles, ModelCompilation.OPTIMIZATION_LEVEL, "none", Set.of()), target);
        StoredPlan known = plans.get(key.hex());
        if (known != null) {
            return known;
        }
        ModelCompilation compiling = new ModelCompilation(
                machine,
                graphs,
                compilation,
                profiles,
                new ModelCompilation.Place(info.index(), store.timingCache(target)));
        StoredPlan plan = store.obtain(key, compiling::build, compilation.listener()::warning);
        plans.put(key.hex(), plan);
        return plan;
    }

    /** Tries every lane, which warms it up, too; returns the report of the first. */
    private ParityReport parity(TensorRtEngine engine, List<EngineLane> lanes) throws EngineException {
        ParityGate gate = ParityGate.of(compilation.precision());
        StoredPlan plan = plans.values().iterator().next();
        GoldenBatch golden = GoldenBatch.read(plan.golden());
        List<ParityReport> reports = new ArrayList<>();
        for (EngineLane lane : lanes) {
            compilation.listener().progress("comparing lane " + reports.size() + " with the reference");
            ParityReport report = gate.measure(lane, engine.limits(), golden);
            reports.add(report);
            store.report(plan, reports.get(0));
            if (!Boolean.getBoolean(MEASURE_ONLY)) {
                gate.require(report);
            }
        }
        return reports.get(0);
    }
}
