package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphNames;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The two loaded graphs, shared by all lanes. Any thread; owns the native sessions until closed. */
final class Sessions implements AutoCloseable {
    private final LoadedGraph encoder;
    private final LoadedGraph head;

    private Sessions(LoadedGraph encoder, LoadedGraph head) {
        this.encoder = encoder;
        this.head = head;
    }

    static Sessions open(OrtEnvironment environment, ModelGraphs graphs, Processor processor) throws EngineException {
        LoadedGraph encoder = load(environment, graphs.encoder(), processor, encoderInputs());
        LoadedGraph head = null;
        try {
            head = load(environment, graphs.head(), processor, headInputs());
            graphs.requireUnchanged();
            return new Sessions(encoder, head);
        } catch (EngineException e) {
            if (head != null) {
                head.close();
            }
            encoder.close();
            throw e;
        }
    }

    private static LoadedGraph load(
            OrtEnvironment environment, ModelGraph graph, Processor processor, Set<String> inputs)
            throws EngineException {
        try (SessionOptions options = options(processor)) {
            LoadedGraph loaded = LoadedGraph.of(environment, graph, options);
            requireInputs(graph.file(), loaded, inputs);
            return loaded;
        } catch (OrtException e) {
            throw EngineException.cannotOpen(graph.file() + ": ONNX Runtime cannot load it (" + e.getCode() + ")", e);
        }
    }

    /** The options of every session; the caller closes them. */
    static SessionOptions options(Processor processor) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(processor.threads());
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        // memory plans are kept for each shape ever seen, and every batch has its own
        options.setMemoryPatternOptimization(false);
        // threads spin between the operators of a run, which are short, and sleep when it ends: an idle server
        // must not burn a core
        options.addConfigEntry("session.force_spinning_stop", "1");
        processor.products().addTo(options);
        return options;
    }

    private static void requireInputs(Path graph, LoadedGraph loaded, Set<String> expected) throws EngineException {
        Set<String> found = loaded.session().getInputNames();
        if (!found.equals(expected)) {
            loaded.close();
            throw EngineException.cannotOpen(
                    graph + ": has the inputs " + found + ", expected " + expected, new IllegalArgumentException());
        }
    }

    private static Set<String> encoderInputs() {
        return Arrays.stream(BatchTensor.values())
                .filter(BatchTensor::isEncoderInput)
                .map(BatchTensor::graphName)
                .collect(Collectors.toSet());
    }

    private static Set<String> headInputs() {
        Set<String> inputs = Arrays.stream(BatchTensor.values())
                .filter(tensor -> !tensor.isEncoderInput())
                .map(BatchTensor::graphName)
                .collect(Collectors.toSet());
        inputs.add(GraphNames.HIDDEN_STATES);
        return inputs;
    }

    OrtSession encoder() {
        return encoder.session();
    }

    OrtSession head() {
        return head.session();
    }

    @Override
    public void close() {
        head.close();
        encoder.close();
    }

    /**
     * What sessions use of the processor. Immutable.
     *
     * @param threads of a session's pool, the calling one included
     * @param products how bytes are multiplied
     */
    record Processor(int threads, ByteProducts products) {}
}
