package io.nuner.model.testing;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A real sentence of those that the demo model is compared with its reference on, none of which it was trained on. Immutable. */
public record DemoText(String text, List<String> labels) {
    /** The first ones; run in a module beside model. */
    public static List<DemoText> first(int count) {
        try (Stream<String> lines = Files.lines(Path.of("..", "model", "demo", "parity.jsonl"))) {
            Gson json = new Gson();
            return lines.limit(count)
                    .map(line -> json.fromJson(line, DemoText.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
