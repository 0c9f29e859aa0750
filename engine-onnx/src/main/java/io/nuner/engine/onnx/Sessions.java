package io.nuner.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.BatchTensor;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphNames;
import io.nuner.engine.ModelGraphs;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The two loaded graphs, shared by all lanes. Any thread; owns the native sessions until closed. */
final class Sessions implements AutoCloseable {
    private final OrtSession encoder;
    private final OrtSession head;

    private Sessions(OrtSession encoder, OrtSession head) {
        this.encoder = encoder;
        this.head = head;
    }

    static Sessions open(OrtEnvironment environment, ModelGraphs graphs, int threads) throws EngineException {
        OrtSession encoder = load(environment, graphs.encoder(), threads, encoderInputs());
        try {
            return new Sessions(encoder, load(environment, graphs.head(), threads, headInputs()));
        } catch (EngineException e) {
            closeQuietly(encoder);
            throw e;
        }
    }

    private static OrtSession load(OrtEnvironment environment, Path graph, int threads, Set<String> inputs)
            throws EngineException {
        if (!Files.isReadable(graph)) {
            throw EngineException.cannotOpen(
                    graph + ": not found or not readable", new NoSuchFileException(graph.toString()));
        }
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            // memory plans are kept for each shape ever seen, and every batch has its own
            options.setMemoryPatternOptimization(false);
            // threads spin between the operators of a run, which are short, and sleep when it ends: an idle server
            // must not burn a core
            options.addConfigEntry("session.force_spinning_stop", "1");
            OrtSession session = environment.createSession(graph.toString(), options);
            requireInputs(graph, session, inputs);
            return session;
        } catch (OrtException e) {
            throw EngineException.cannotOpen(graph + ": ONNX Runtime cannot load it (" + e.getCode() + ")", e);
        }
    }

    private static void requireInputs(Path graph, OrtSession session, Set<String> expected) throws EngineException {
        Set<String> found = session.getInputNames();
        if (!found.equals(expected)) {
            closeQuietly(session);
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
        return encoder;
    }

    OrtSession head() {
        return head;
    }

    @Override
    public void close() {
        closeQuietly(head);
        closeQuietly(encoder);
    }

    private static void closeQuietly(OrtSession session) {
        try {
            session.close();
        } catch (OrtException | IllegalStateException e) {
            // freeing memory cannot be tried again
        }
    }
}
