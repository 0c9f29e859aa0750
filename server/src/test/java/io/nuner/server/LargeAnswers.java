package io.nuner.server;

import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import java.util.stream.IntStream;

/** Requests for every label on every word, which an engine that scores everything high gives. */
public final class LargeAnswers {
    private LargeAnswers() {}

    /** A request whose answer has {@code words * labels} entities. */
    public static ExtractRequest request(int words, int labels, int labelBytes) {
        String padding = "l".repeat(labelBytes - 3);
        return ExtractRequest.newBuilder()
                .setText("w ".repeat(words))
                .addAllLabels(IntStream.range(0, labels)
                        .mapToObj(label -> padding + (100 + label))
                        .toList())
                .setOptions(ExtractOptions.newBuilder().setThreshold(0).setMultiLabel(true))
                .build();
    }

    /** One whose answer takes about 2.4 MB. */
    public static ExtractRequest huge() {
        return request(100, 90, 240);
    }
}
