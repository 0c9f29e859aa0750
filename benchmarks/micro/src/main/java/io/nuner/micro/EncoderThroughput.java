package io.nuner.micro;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.onnx.OnnxEngineProvider;
import io.nuner.model.NerModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Tokens per second of our packed graphs against the reference's own ONNX export of the same weights: both on ONNX
 * Runtime, in one process, with equal threads, taking turns batch by batch.
 *
 * <p>Claim under test: at least 1.7 times the reference at batch 8 and 1.2 times at batch 1. Tokens are real tokens,
 * padding is not counted. Run: {@code benchmarks/run.sh}.
 *
 * <p>Arguments: exported model, reference ONNX file, texts, rows of a batch, batches of a round, rounds, threads.
 */
public final class EncoderThroughput {
    private final ReferenceSession reference;
    private final EngineLane ours;
    private double worstDifference;

    private EncoderThroughput(ReferenceSession reference, EngineLane ours) {
        this.reference = reference;
        this.ours = ours;
    }

    /** Prints one JSON object. */
    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[3]);
        int batchLimit = Integer.parseInt(args[4]);
        int rounds = Integer.parseInt(args[5]);
        int threads = Integer.parseInt(args[6]);
        EngineSettings settings = new EngineSettings(new EngineLimits(64, 4096, 65_536, 100), 1, threads);
        try (NerModel model = NerModel.open(Path.of(args[0]));
                InferenceEngine engine = new OnnxEngineProvider().open(model.graphs(), settings);
                EngineLane lane = engine.openLane();
                ReferenceSession reference = ReferenceSession.open(Path.of(args[1]), threads)) {
            List<PackedBatch> batches =
                    BenchmarkTexts.batches(model, BenchmarkTexts.read(Path.of(args[2])), rows, batchLimit);
            JsonObject report = new EncoderThroughput(reference, lane).measure(batches, rounds);
            report.addProperty("model", model.manifest().encoder());
            report.addProperty("rows", rows);
            report.addProperty("threads", threads);
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(report));
        }
    }

    private JsonObject measure(List<PackedBatch> batches, int rounds) throws Exception {
        for (PackedBatch batch : batches.subList(0, Math.min(3, batches.size()))) { // warm-up
            reference.run(batch);
            ours.run(batch);
        }
        List<Double> referenceRates = new ArrayList<>();
        List<Double> ourRates = new ArrayList<>();
        long tokens = batches.stream().mapToLong(PackedBatch::tokenCount).sum();
        for (int round = 0; round < rounds; round++) {
            long referenceNanos = 0;
            long ourNanos = 0;
            for (int i = 0; i < batches.size(); i++) {
                boolean oursFirst = (round + i) % 2 == 0;
                long first = oursFirst ? timeOurs(batches.get(i)) : timeReference(batches.get(i));
                long second = oursFirst ? timeReference(batches.get(i)) : timeOurs(batches.get(i));
                ourNanos += oursFirst ? first : second;
                referenceNanos += oursFirst ? second : first;
            }
            referenceRates.add(tokens * 1e9 / referenceNanos);
            ourRates.add(tokens * 1e9 / ourNanos);
        }
        compare(batches.get(0));
        return report(batches, referenceRates, ourRates);
    }

    private long timeOurs(PackedBatch batch) throws EngineException {
        long start = System.nanoTime();
        ours.run(batch);
        return System.nanoTime() - start;
    }

    private long timeReference(PackedBatch batch) throws Exception {
        long start = System.nanoTime();
        reference.run(batch);
        return System.nanoTime() - start;
    }

    /** The two sides must compute the same thing. */
    private void compare(PackedBatch batch) throws Exception {
        float[][][][] expected = reference.run(batch);
        Logits actual = ours.run(batch);
        for (int r = 0; r < batch.rowCount(); r++) {
            RowLogits row = actual.takeRow(r);
            for (int i = 0; i < row.words() * row.labels(); i++) {
                int word = i / row.labels();
                int label = i % row.labels();
                double difference = Math.abs(row.at(word, 0, label) - expected[r][word][0][label]);
                worstDifference = Math.max(worstDifference, difference);
            }
        }
    }

    private JsonObject report(List<PackedBatch> batches, List<Double> referenceRates, List<Double> ourRates) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ourRates.size(); round++) {
            ratios.add(ourRates.get(round) / referenceRates.get(round));
        }
        JsonObject report = new JsonObject();
        report.addProperty("batches", batches.size());
        report.addProperty(
                "tokens", batches.stream().mapToLong(PackedBatch::tokenCount).sum());
        report.addProperty("rounds", ourRates.size());
        report.addProperty("reference_tokens_per_second", Medians.of(referenceRates));
        report.addProperty("packed_tokens_per_second", Medians.of(ourRates));
        report.addProperty("ratio_median", Medians.of(ratios));
        report.addProperty("ratio_min", Collections.min(ratios));
        report.addProperty("ratio_max", Collections.max(ratios));
        report.addProperty("max_logit_difference", worstDifference);
        return report;
    }
}
