package io.nuner.server;

import io.nuner.model.testing.RandomTexts;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.WordSplitting;
import java.util.List;
import java.util.Random;

/** Seeded source of requests: random texts, each with random options and in every offset unit. One thread at a time. */
public final class RandomRequests {
    private static final List<OffsetUnit> UNITS = List.of(
            OffsetUnit.OFFSET_UNIT_CODE_POINT, OffsetUnit.OFFSET_UNIT_UTF8_BYTE, OffsetUnit.OFFSET_UNIT_UTF16_UNIT);

    private final RandomTexts texts;
    private final Random random;

    public RandomRequests(long seed) {
        texts = new RandomTexts(seed);
        random = new Random(seed);
    }

    /** One text of at most {@code pieces} pieces with the same options in each unit. */
    public List<ExtractRequest> inEveryUnit(int pieces) {
        ExtractRequest request = RunningServer.request(texts.next(pieces), "person", "place");
        ExtractOptions options = ExtractOptions.newBuilder()
                .setMergePolicy(MergePolicy.forNumber(random.nextInt(4)))
                .setWordSplitting(WordSplitting.forNumber(1 + random.nextInt(2)))
                .setMultiLabel(random.nextBoolean())
                .setFlatNer(random.nextBoolean())
                .build();
        return UNITS.stream()
                .map(unit -> request.toBuilder()
                        .setOptions(options.toBuilder().setOffsetUnit(unit))
                        .build())
                .toList();
    }
}
