package io.nuner.model.encode;

import com.google.gson.Gson;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.nuner.model.ModelException;
import io.nuner.model.format.SentencePiece;
import io.nuner.model.format.SentencePieceModel;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Conversion of a SentencePiece unigram model to the tokenizer.json that DebertaV2Converter of transformers 4.57
 * (convert_slow_tokenizer.py) makes of it, with the tokens of gliner and flair behind. One thread.
 */
final class SentencePieceConversion {
    private static final List<String> FRAME =
            List.of(AddedToken.PADDING, AddedToken.OPENING, AddedToken.CLOSING, AddedToken.UNKNOWN);
    private static final List<String> BEHIND =
            List.of(AddedToken.CONTEXT_SEPARATOR, AddedToken.LABEL_MARKER, AddedToken.PROMPT_END);

    private static final String METASPACE =
            "{'type':'Metaspace','replacement':'\u2581','prepend_scheme':'always','split':true}";
    private static final String OPENING_OF_ROW = "{'SpecialToken':{'id':'[CLS]','type_id':0}}";
    private static final String SEQUENCE = "{'Sequence':{'id':'%s','type_id':%d}}";
    private static final String CLOSING_OF_ROW = "{'SpecialToken':{'id':'[SEP]','type_id':%d}}";

    private final Path source;
    private final SentencePieceModel model;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Gson gson = new Gson();

    /**
     * Checks the model.
     *
     * @throws ModelException if the model lacks a token that frames a row
     */
    SentencePieceConversion(Path source, SentencePieceModel model) throws ModelException {
        this.source = source;
        this.model = model;
        for (String token : FRAME) {
            ids.put(token, idOf(token));
        }
    }

    void writeTo(Writer target) throws IOException {
        JsonWriter json = new JsonWriter(target);
        json.setHtmlSafe(false);
        json.beginObject();
        json.name("version").value("1.0");
        json.name("truncation").nullValue();
        json.name("padding").nullValue();
        writeAddedTokens(json.name("added_tokens"));
        writeNormalizer(json.name("normalizer"));
        writeRaw(json.name("pre_tokenizer"), "{'type':'Sequence','pretokenizers':[" + METASPACE + "]}");
        writeRaw(json.name("post_processor"), postProcessor());
        writeRaw(json.name("decoder"), METASPACE);
        writeModel(json.name("model"));
        json.endObject();
        json.flush();
    }

    private int idOf(String token) throws ModelException {
        for (int id = 0; id < model.getPiecesCount(); id++) {
            if (model.getPieces(id).getPiece().equals(token)) {
                return id;
            }
        }
        throw new ModelException(source + " has no piece " + token + ": it is no DeBERTa-v3 vocabulary");
    }

    private int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    private void writeAddedTokens(JsonWriter json) throws IOException {
        List<AddedToken> tokens = new ArrayList<>();
        FRAME.forEach(token -> tokens.add(AddedToken.ofFrame(id(token), token)));
        int free = model.getPiecesCount();
        tokens.add(AddedToken.ofFrame(free, AddedToken.MASK));
        for (String token : BEHIND) {
            free++;
            tokens.add(AddedToken.ofFamily(free, token));
        }
        json.beginArray();
        for (AddedToken token : tokens) {
            gson.toJson(token, AddedToken.class, json);
        }
        json.endArray();
    }

    private void writeNormalizer(JsonWriter json) throws IOException {
        byte[] charsmap = model.getNormalizerSpec().getPrecompiledCharsmap().toByteArray();
        json.beginObject().name("type").value("Sequence").name("normalizers").beginArray();
        writeRaw(json, "{'type':'Strip','strip_left':true,'strip_right':true}");
        if (charsmap.length > 0) {
            json.beginObject().name("type").value("Precompiled");
            json.name("precompiled_charsmap").value(Base64.getEncoder().encodeToString(charsmap));
            json.endObject();
        }
        writeRaw(json, "{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}");
        json.endArray().endObject();
    }

    private void writeModel(JsonWriter json) throws IOException {
        json.beginObject().name("type").value("Unigram");
        json.name("unk_id").value(id(AddedToken.UNKNOWN));
        json.name("vocab").beginArray();
        for (SentencePiece piece : model.getPiecesList()) {
            json.beginArray()
                    .value(piece.getPiece())
                    .value((double) piece.getScore())
                    .endArray();
        }
        json.endArray();
        json.name("byte_fallback").value(false);
        json.endObject();
    }

    private String postProcessor() {
        String first = OPENING_OF_ROW + "," + SEQUENCE.formatted("A", 0) + "," + CLOSING_OF_ROW.formatted(0);
        String second = SEQUENCE.formatted("B", 1) + "," + CLOSING_OF_ROW.formatted(1);
        return "{'type':'TemplateProcessing','single':[%s],'pair':[%s,%s],'special_tokens':{%s,%s}}"
                .formatted(first, first, second, template(AddedToken.OPENING), template(AddedToken.CLOSING));
    }

    private String template(String token) {
        return "'%1$s':{'id':'%1$s','ids':[%2$d],'tokens':['%1$s']}".formatted(token, id(token));
    }

    /** Writes JSON given with single quotes. */
    private void writeRaw(JsonWriter json, String singleQuoted) throws IOException {
        json.jsonValue(JsonParser.parseString(singleQuoted.replace('\'', '"')).toString());
    }
}
