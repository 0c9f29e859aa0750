package io.nuner.model.export;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The tokenizer of a checkpoint on its way into the exported model. */
final class TokenizerCopy {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String VOCABULARY = "spm.model";

    private final Path source;

    private TokenizerCopy(Path source) {
        this.source = source;
    }

    static TokenizerCopy of(Path checkpoint) throws ModelException {
        for (String name : new String[] {TOKENIZER, VOCABULARY}) {
            if (Files.exists(checkpoint.resolve(name))) {
                return new TokenizerCopy(checkpoint.resolve(name));
            }
        }
        throw ModelException.of(checkpoint, "holds neither " + TOKENIZER + " nor " + VOCABULARY);
    }

    void writeTo(Path target) throws ModelException {
        try {
            Files.copy(source, target);
        } catch (IOException e) {
            throw ModelException.of(source, e);
        }
    }

    /** Ids of the tokens that stand for no text. */
    static Map<String, Integer> specialTokens(Path tokenizer) throws ModelException {
        Map<String, Integer> ids = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(tokenizer)) {
            JsonObject json = JsonParser.parseReader(reader).getAsJsonObject();
            for (JsonElement token : json.getAsJsonArray("added_tokens")) {
                JsonObject added = token.getAsJsonObject();
                ids.put(added.get("content").getAsString(), added.get("id").getAsInt());
            }
            return ids;
        } catch (IOException | RuntimeException e) {
            return ids;
        }
    }
}
