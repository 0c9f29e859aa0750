package io.nuner.model.encode;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A tokenizer.json and the tokens it lacks. One thread. */
final class TokenizerCompletion {
    /** In the order in which flair and then gliner add them (gliner 0.1.12, modules/token_rep.py:28). */
    private static final List<String> FAMILY =
            List.of(AddedTokens.CONTEXT_SEPARATOR, AddedTokens.LABEL_MARKER, AddedTokens.PROMPT_END);

    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final Path source;
    private final int firstFreeId;
    private final List<String> missing;

    private TokenizerCompletion(Path source, TokenizerIds ids) {
        this.source = source;
        this.firstFreeId = ids.end();
        this.missing = new ArrayList<>(FAMILY);
        missing.removeAll(ids.added().keySet());
    }

    static TokenizerCompletion of(Path tokenizerJson) throws IOException {
        try (Reader json = Files.newBufferedReader(tokenizerJson)) {
            return new TokenizerCompletion(tokenizerJson, TokenizerIds.read(json));
        }
    }

    boolean isComplete() {
        return missing.isEmpty();
    }

    /** Writes the file with the missing tokens behind all others. */
    void write(Path out) throws IOException {
        JsonObject tokenizer = parse();
        JsonArray added = tokenizer.getAsJsonArray("added_tokens");
        int id = firstFreeId;
        for (String token : missing) {
            added.add(GSON.toJsonTree(AddedToken.ofFamily(id, token)));
            id++;
        }
        try (Writer json = Files.newBufferedWriter(out)) {
            GSON.toJson(tokenizer, json);
        }
    }

    private JsonObject parse() throws IOException {
        try (JsonReader json = new JsonReader(Files.newBufferedReader(source))) {
            return JsonParser.parseReader(json).getAsJsonObject();
        }
    }
}
