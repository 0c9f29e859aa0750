package io.nuner.model.encode;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.encode.check.TokenizerIds;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Completes a tokenizer.json by the tokens of the family that it lacks. One thread. */
final class TokenizerCompletion {
    /** In the order in which flair and then gliner add them (gliner 0.1.12, modules/token_rep.py:28). */
    private static final List<String> FAMILY =
            List.of(AddedToken.CONTEXT_SEPARATOR, AddedToken.LABEL_MARKER, AddedToken.PROMPT_END);

    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final byte[] content;
    private final List<AddedToken> missing = new ArrayList<>();

    /** Completes the content of a file whose ids these are. */
    TokenizerCompletion(byte[] content, TokenizerIds ids) {
        this.content = content;
        boolean hasMarkers = ids.added().keySet().containsAll(FAMILY.subList(1, FAMILY.size()));
        if (hasMarkers) {
            fillTheHole(ids);
        } else {
            append(ids);
        }
    }

    /** No input holds [FLERT]. It is added only where the ids of the markers leave a hole for it. */
    private void fillTheHole(TokenizerIds ids) {
        int hole = ids.holeBefore(AddedToken.LABEL_MARKER);
        if (!ids.added().containsKey(AddedToken.CONTEXT_SEPARATOR) && hole >= 0) {
            missing.add(AddedToken.ofFamily(hole, AddedToken.CONTEXT_SEPARATOR));
        }
    }

    private void append(TokenizerIds ids) {
        int id = ids.end();
        for (String token : FAMILY) {
            if (!ids.added().containsKey(token)) {
                missing.add(AddedToken.ofFamily(id, token));
                id++;
            }
        }
    }

    /** Writes the file, which is the same if nothing is missing. */
    void write(Path out) throws IOException {
        if (missing.isEmpty()) {
            Files.write(out, content);
            return;
        }
        JsonObject tokenizer = JsonParser.parseString(new String(content, StandardCharsets.UTF_8))
                .getAsJsonObject();
        List<JsonElement> added =
                new ArrayList<>(tokenizer.getAsJsonArray("added_tokens").asList());
        for (AddedToken token : missing) {
            added.add(placeOf(token, added), GSON.toJsonTree(token));
        }
        JsonArray completed = new JsonArray();
        added.forEach(completed::add);
        tokenizer.add("added_tokens", completed);
        try (Writer json = Files.newBufferedWriter(out)) {
            GSON.toJson(tokenizer, json);
        }
    }

    /** Tokens are numbered in their order. */
    private static int placeOf(AddedToken token, List<JsonElement> added) {
        int place = 0;
        while (place < added.size()
                && added.get(place).getAsJsonObject().get("id").getAsInt() < token.id()) {
            place++;
        }
        return place;
    }
}
