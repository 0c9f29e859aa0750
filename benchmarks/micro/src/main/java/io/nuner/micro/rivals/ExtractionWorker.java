package io.nuner.micro.rivals;

import com.google.gson.Gson;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.onnx.OnnxEngineProvider;
import io.nuner.model.NerModel;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.DocumentDecoder;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.Window;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the entities of batches that a driver sends, a line of JSON each, and tells how long it took: from texts and labels to
 * spans, labels and scores, on one lane of the engine, without a server. {@code benchmarks/int8/rivals.sh} compares it with other
 * programs. Neighbours are not joined, since the others do not join them.
 *
 * <p>Arguments: exported model, threads. The first line of output is {@code {}}, when the model is open.
 */
public final class ExtractionWorker {
    private static final EngineLimits LIMITS = new EngineLimits(64, 4096, 65_536, 100);
    private static final DecodeOptions OPTIONS = new DecodeOptions(0.5f, false, true, Merging.NONE);
    private static final int MAX_ENTITIES = 10_000;
    private static final Gson GSON = new Gson();

    private final NerModel model;
    private final EngineLane lane;

    private ExtractionWorker(NerModel model, EngineLane lane) {
        this.model = model;
        this.lane = lane;
    }

    /** Answers until its input ends. */
    public static void main(String[] args) throws Exception {
        EngineSettings settings = new EngineSettings(LIMITS, 1, Integer.parseInt(args[1]));
        try (NerModel model = NerModel.open(Path.of(args[0]));
                InferenceEngine engine = new OnnxEngineProvider().open(model.graphs(), settings);
                EngineLane lane = engine.openLane();
                BufferedReader batches = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                PrintStream results =
                        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
            results.println("{}");
            ExtractionWorker worker = new ExtractionWorker(model, lane);
            for (String line = batches.readLine(); line != null; line = batches.readLine()) {
                results.println(GSON.toJson(worker.answer(GSON.fromJson(line, Texts.class))));
            }
        }
    }

    private Found answer(Texts asked) throws EngineException, TooManyEntitiesException {
        long start = System.nanoTime();
        Prompt prompt = model.encoder().prompt(asked.labels());
        List<EncodedRequest> encoded = new ArrayList<>();
        for (String text : asked.texts()) {
            encoded.add(model.encoder().encode(WordSplitter.split(text), prompt));
        }
        PackedBatch batch =
                PackedBatch.of(encoded.stream().map(EncodedRequest::row).toList());
        Logits logits = lane.run(batch);
        LabelSet labels = LabelSet.ofNames(asked.labels());
        List<List<EntitySpan>> entities = new ArrayList<>();
        for (int row = 0; row < encoded.size(); row++) {
            EncodedRequest text = encoded.get(row);
            entities.add(new DocumentDecoder(
                            text.words(), OPTIONS, labels, model.manifest().maxWidth(), MAX_ENTITIES)
                    .add(Window.whole(text), List.of(logits.takeRow(row)))
                    .entities());
        }
        return new Found(System.nanoTime() - start, batch.tokenCount(), entities);
    }

    /** A batch, and the labels to ask for. */
    private record Texts(List<String> texts, List<String> labels) {}

    /**
     * What a batch gave.
     *
     * @param tokens of all rows, padding not counted
     * @param entities of each text; labels are numbers
     */
    private record Found(long nanos, long tokens, List<List<EntitySpan>> entities) {}
}
