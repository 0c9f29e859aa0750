package io.nuner.gputest.stage;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.gputest.measure.Flops;
import io.nuner.gputest.options.Options.BuildOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Rows put into batches. */
final class Batches {
    private Batches() {}

    /** Batches as full as the limits allow, all rows of one length. */
    static List<PackedBatch> full(TestTexts texts, int length, BuildOptions build, int count) {
        int rows = Math.max(1, build.batchTokens() / length);
        List<TokenRow> all = TestTexts.rows(texts.ofLength(length, rows * count));
        List<PackedBatch> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += rows) {
            batches.add(PackedBatch.of(all.subList(from, from + rows)));
        }
        return batches;
    }

    /** Rows of many lengths as a batcher would group them: like with like, each batch full, batches in random order. */
    static List<PackedBatch> grouped(List<TokenRow> rows, EngineLimits limits, EngineCells cells, long seed) {
        List<TokenRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingInt(TokenRow::tokenCount));
        List<PackedBatch> batches = new ArrayList<>();
        List<TokenRow> open = new ArrayList<>();
        for (TokenRow row : sorted) {
            int padded = Math.min(limits.maxRowTokens(), cells.paddedLength(row.tokenCount()));
            if (!limits.admits(open.size(), padded, padded)) {
                batches.add(PackedBatch.of(open));
                open.clear();
            }
            open.add(row);
        }
        batches.add(PackedBatch.of(open));
        Collections.shuffle(batches, new Random(seed));
        return batches;
    }

    /** Useful operations of a token, on the average over the batches. */
    static double flopsPerToken(List<PackedBatch> batches, Flops flops) {
        double sum = 0;
        long tokens = 0;
        for (PackedBatch batch : batches) {
            sum += batch.rows().stream()
                    .mapToDouble(row -> flops.perRow(row.tokenCount()))
                    .sum();
            tokens += batch.tokenCount();
        }
        return sum / tokens;
    }
}
