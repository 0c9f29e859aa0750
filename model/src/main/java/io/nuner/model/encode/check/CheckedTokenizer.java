package io.nuner.model.encode.check;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import io.nuner.files.Sha256;
import io.nuner.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * A tokenizer.json that native code may be given: every part is of a kind that the supported encoders use, and every size is
 * bounded. Immutable.
 *
 * <p>The native library panics on unexpected content, which ends the process. So it never gets the file itself, but a text
 * written anew from the checked parts, without those that this program does not use.
 */
public final class CheckedTokenizer {
    /** The largest file that is read; the largest of the supported encoders has 16 MiB. */
    public static final int MAX_BYTES = 32 << 20;

    private static final String ADDED_TOKENS = "added_tokens";
    private static final String NORMALIZER = "normalizer";
    private static final String PRE_TOKENIZER = "pre_tokenizer";
    private static final String POST_PROCESSOR = "post_processor";
    private static final String DECODER = "decoder";
    private static final Set<String> POST_PROCESSORS = Set.of("TemplateProcessing", "BertProcessing");
    private static final Set<String> DECODERS = Set.of("Metaspace", "WordPiece");
    private static final int DEEPEST = 32;
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final String json;
    private final TokenizerIds ids;

    private CheckedTokenizer(String json, TokenizerIds ids) {
        this.json = json;
        this.ids = ids;
    }

    /**
     * Checks the content of a file.
     *
     * @throws ModelException naming the file and the part that is not supported, or the limit
     */
    public static CheckedTokenizer of(Path file, byte[] content) throws ModelException {
        try {
            if (content.length > MAX_BYTES) {
                throw new TokenizerRefused("is larger than " + MAX_BYTES + " bytes");
            }
            return read(content);
        } catch (TokenizerRefused e) {
            throw ModelException.of(file, String.valueOf(e.getMessage()));
        } catch (MalformedJsonException | EOFException e) { // their messages are about Gson
            throw new ModelException(file + " is no readable tokenizer: it is not valid JSON", e);
        } catch (CharacterCodingException e) {
            throw new ModelException(file + " is no readable tokenizer: it is not valid UTF-8", e);
        } catch (IOException | RuntimeException e) {
            throw new ModelException(file + " is no readable tokenizer: its JSON is of another kind", e);
        }
    }

    /** The text for native code. */
    public String json() {
        return json;
    }

    /** The ids it gives. */
    public TokenizerIds ids() {
        return ids;
    }

    /** SHA-256 of the text for native code. */
    public String sha256() {
        return Sha256.of(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Refuses ids that native code would number otherwise.
     *
     * @throws ModelException naming the file and the token
     */
    public void requireOwnNumbers(Path file) throws ModelException {
        try {
            ids.requireOwnNumbers();
        } catch (TokenizerRefused e) {
            throw ModelException.of(file, String.valueOf(e.getMessage()));
        }
    }

    private static CheckedTokenizer read(byte[] content) throws IOException, TokenizerRefused {
        JsonReader json = new JsonReader(new InputStreamReader(
                new ByteArrayInputStream(content), StandardCharsets.UTF_8.newDecoder())); // refuses invalid UTF-8
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(DEEPEST);
        StringWriter text = new StringWriter(content.length);
        JsonWriter copy = new JsonWriter(text);
        copy.setHtmlSafe(false);
        copy.setSerializeNulls(true);
        JsonObject parts = new JsonObject();
        copy.beginObject();
        copy.name("version").value("1.0");
        TokenizerVocabulary vocabulary = copyModel(json, copy, parts);
        for (String part : Set.of(ADDED_TOKENS, NORMALIZER, PRE_TOKENIZER)) {
            GSON.toJson(parts.get(part), copy.name(part));
        }
        for (String unused : Set.of("truncation", "padding", POST_PROCESSOR, DECODER)) {
            copy.name(unused).nullValue();
        }
        copy.endObject();
        return new CheckedTokenizer(text.toString(), TokenizerIds.of(parts.get(ADDED_TOKENS), vocabulary));
    }

    /** Copies the model, puts all other parts that are used into {@code parts}, and checks everything. */
    private static TokenizerVocabulary copyModel(JsonReader json, JsonWriter copy, JsonObject parts)
            throws IOException, TokenizerRefused {
        TokenizerVocabulary vocabulary = null;
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (parts.has(key)) {
                throw new TokenizerRefused("has the part " + TokenizerRefused.quote(key) + " twice");
            }
            parts.add(key, JsonNull.INSTANCE);
            switch (key) {
                case "model" -> vocabulary = TokenizerVocabulary.copy(json, copy.name(key));
                case "version", "truncation", "padding" -> json.skipValue();
                case ADDED_TOKENS, NORMALIZER, PRE_TOKENIZER, POST_PROCESSOR, DECODER ->
                    parts.add(key, BoundedJson.read(key, json));
                default -> throw new TokenizerRefused("has the unknown part " + TokenizerRefused.quote(key));
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT || vocabulary == null) {
            throw new TokenizerRefused("has no model");
        }
        complete(parts);
        check(parts);
        return vocabulary;
    }

    private static void complete(JsonObject parts) {
        for (String key : Set.of(NORMALIZER, PRE_TOKENIZER, POST_PROCESSOR, DECODER)) {
            if (!parts.has(key)) {
                parts.add(key, JsonNull.INSTANCE);
            }
        }
        if (!parts.has(ADDED_TOKENS)) {
            parts.add(ADDED_TOKENS, new JsonArray());
        }
    }

    private static void check(JsonObject parts) throws TokenizerRefused {
        JsonElement normalizer = Objects.requireNonNull(parts.get(NORMALIZER));
        if (!normalizer.isJsonNull()) {
            NormalizerCheck.check(normalizer);
        }
        JsonElement preTokenizer = Objects.requireNonNull(parts.get(PRE_TOKENIZER));
        if (!preTokenizer.isJsonNull()) {
            PreTokenizerCheck.check(preTokenizer);
        }
        PreTokenizerCheck.requireKind(POST_PROCESSOR, parts.get(POST_PROCESSOR), POST_PROCESSORS);
        PreTokenizerCheck.requireKind(DECODER, parts.get(DECODER), DECODERS);
    }
}
