package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import io.nuner.model.encode.check.CheckedTokenizer;
import io.nuner.model.testing.Fixtures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile and damaged tokenizers: what the check lets through is opened, each in a process of its own. */
@Tag("long")
class MutatedTokenizerTest {
    private static final long SEED = 20_261_130;
    private static final int MUTANTS = 40;
    private static final List<String> VALUES = List.of(
            "0", "-1", "1e18", "null", "true", "\"\"", "\"a\"", "[]", "{}", "\"\\u0000\"", "4294967296", "\"NFC\"");

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> ends = new TreeMap<>();

    @Test
    void nothingThatIsAcceptedEndsItsProcess() {
        System.out.println("seed " + SEED + "\n\nhostile files, none of them opened:");
        HostileTokenizers.make(directory, SEED)
                .forEach((name, content) -> System.out.printf("%-40s %s%n", name, end("hostile files", content)));
        for (Fixtures fixture : List.of(Fixtures.MARKER_W1, Fixtures.BERT_W1)) {
            JsonObject original = HostileTokenizers.tokenizer(fixture, directory);
            for (int mutant = 0; mutant < MUTANTS; mutant++) {
                end("values changed in " + fixture, withAnotherValue(original));
            }
        }
        JsonObject original = HostileTokenizers.tokenizer(Fixtures.MARKER_W1, directory);
        for (int mutant = 0; mutant < 2 * MUTANTS; mutant++) {
            end("bytes changed in a character map", withAnotherMap(original));
        }
        System.out.println("\nwhat became of them:");
        ends.forEach((end, count) -> System.out.printf("%5d  %s%n", count, end));

        assertThat(ends.keySet()).noneMatch(end -> end.contains("failed when it was tried: the process for it was"));
        assertThat(ends.keySet()).noneMatch(end -> end.contains("did not end") || end.contains("memory"));
    }

    private String end(String kind, String content) {
        String end = end(content);
        String counted = end.startsWith("refused") && !end.contains("when it was tried") ? "refused by the check" : end;
        ends.merge(kind + ": " + counted, 1, Integer::sum);
        return end;
    }

    private static String end(String content) {
        Path file = Path.of("tokenizer.json");
        try {
            CheckedTokenizer checked = CheckedTokenizer.of(file, content.getBytes(StandardCharsets.UTF_8));
            checked.requireOwnNumbers(file);
            TokenizerTrial.require(file, checked);
            return "accepted, and tokenized all texts in a process of its own";
        } catch (ModelException e) {
            return "refused: " + e.getMessage();
        }
    }

    private String withAnotherMap(JsonObject original) {
        JsonObject mutant = original.deepCopy();
        JsonObject precompiled = mutant.getAsJsonObject("normalizer")
                .getAsJsonArray("normalizers")
                .get(1)
                .getAsJsonObject();
        byte[] map = Base64.getDecoder()
                .decode(precompiled.get("precompiled_charsmap").getAsString());
        for (int change = 0; change <= random.nextInt(3); change++) {
            map[random.nextInt(map.length)] ^= (byte) (1 << random.nextInt(8));
        }
        precompiled.addProperty("precompiled_charsmap", Base64.getEncoder().encodeToString(map));
        return mutant.toString();
    }

    private String withAnotherValue(JsonObject original) {
        JsonObject mutant = original.deepCopy();
        List<JsonElement> holders = new ArrayList<>();
        collect(mutant, holders);
        JsonElement holder = holders.get(random.nextInt(holders.size()));
        JsonElement value = JsonParser.parseString(VALUES.get(random.nextInt(VALUES.size())));
        if (holder instanceof JsonObject object) {
            List<String> keys = List.copyOf(object.keySet());
            object.add(keys.get(random.nextInt(keys.size())), value);
        } else {
            holder.getAsJsonArray().set(random.nextInt(holder.getAsJsonArray().size()), value);
        }
        return mutant.toString();
    }

    /** All objects and lists that hold something, but for pieces of the vocabulary. */
    private static void collect(JsonElement element, List<JsonElement> holders) {
        if (element instanceof JsonObject object && !object.isEmpty()) {
            holders.add(object);
            object.asMap().values().forEach(inner -> collect(inner, holders));
        } else if (element instanceof JsonArray array && !array.isEmpty()) {
            holders.add(array);
            array.asList().stream().limit(20).forEach(inner -> collect(inner, holders));
        }
    }
}
