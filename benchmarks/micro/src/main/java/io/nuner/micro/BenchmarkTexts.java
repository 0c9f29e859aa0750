package io.nuner.micro;

import com.google.gson.JsonParser;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.model.NerModel;
import io.nuner.model.text.WordSplitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real sentences as the model sees them, in file order. */
final class BenchmarkTexts {
    /** Five labels, as most callers send. */
    static final List<String> LABELS = List.of("person", "organization", "location", "date", "product");

    private BenchmarkTexts() {}

    /** The texts of a JSON-lines file with a {@code text} member. */
    static List<String> read(Path jsonLines) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(jsonLines)) {
            texts.add(JsonParser.parseString(line).getAsJsonObject().get("text").getAsString());
        }
        return texts;
    }

    /** Consecutive texts, {@code rows} to a batch; what does not fill a batch is left out. */
    static List<PackedBatch> batches(NerModel model, List<String> texts, int rows, int limit) {
        List<PackedBatch> batches = new ArrayList<>();
        for (int from = 0; from + rows <= texts.size() && batches.size() < limit; from += rows) {
            List<TokenRow> encoded = new ArrayList<>();
            for (String text : texts.subList(from, from + rows)) {
                encoded.add(model.encoder().encode(WordSplitter.split(text), LABELS).row());
            }
            batches.add(PackedBatch.of(encoded));
        }
        return batches;
    }
}
