package io.nuner.model.encode;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Maker of files that ended the process, or could: each a tokenizer of ours with one part changed. One thread. */
final class HostileTokenizers {
    private static final String NORMALIZER = "normalizer";
    private static final String PRE_TOKENIZER = "pre_tokenizer";
    private static final String ADDED = "added_tokens";
    private static final String BERT = "{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,"
            + "'strip_accents':null,'lowercase':true}";

    private final JsonObject unigram;
    private final JsonObject wordPiece;
    private final Random random;
    private final Map<String, String> files = new LinkedHashMap<>();

    private HostileTokenizers(Path directory, long seed) {
        unigram = tokenizer(Fixtures.MARKER_W1, directory);
        wordPiece = tokenizer(Fixtures.BERT_W1, directory);
        random = new Random(seed);
    }

    /** The files by what is wrong with them; the same for the same seed. */
    static Map<String, String> make(Path directory, long seed) {
        HostileTokenizers hostile = new HostileTokenizers(directory, seed);
        hostile.characterMaps();
        hostile.expressions();
        hostile.otherKinds();
        hostile.growing();
        hostile.addedTokens();
        hostile.models();
        hostile.shapes();
        return hostile.files;
    }

    /** A tokenizer that all is well with, as JSON. */
    static JsonObject tokenizer(Fixtures fixture, Path directory) {
        try {
            Path checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
            return JsonParser.parseString(Files.readString(checkpoint.resolve("tokenizer.json")))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void characterMaps() {
        for (int garbage = 0; garbage < 15; garbage++) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            map("garbage " + garbage, bytes);
        }
        map("no trie", new byte[4]);
        map("trie beyond the end", ints(4_000, 1));
        map("leaves the trie", ints(4, 0xFFFF << 10));
        map("replacement beyond the end", leaf(1_000, "x\0"));
        map("replacement inside a character", leaf(1, "\u00e9\0"));
        map("replacements that are no UTF-8", concat(ints(4, 0), new byte[] {(byte) 0xC3, 0}));
        map("one character becomes 300", leaf(0, "x".repeat(300)));
        unigram("map that is no base64", NORMALIZER, "{'type':'Precompiled','precompiled_charsmap':'*'}");
        unigram("map of 4 MiB", NORMALIZER, map("A".repeat(4 << 20)));
    }

    private void expressions() {
        expression("20,000 nested groups", "(".repeat(20_000) + "a" + ")".repeat(20_000));
        for (String slow : new String[] {"(a+)+$", "(x+x+)+y", "(a|a)*b", "(a*)*c", "(.*)*!", "(a|aa)+$", "\\s+$"}) {
            expression("slow " + slow, slow);
            wordPiece("split " + slow, PRE_TOKENIZER, split(slow));
        }
        wordPiece("regex with other content", NORMALIZER, replace("Regex", " {2,}", "xxxxxxxx"));
        wordPiece("two patterns", NORMALIZER, "{'type':'Replace','pattern':{'String':'a','Regex':'a'},'content':''}");
    }

    private void otherKinds() {
        wordPiece("FixedLength 0", PRE_TOKENIZER, "{'type':'FixedLength','length':0}");
        for (String kind : new String[] {"ByteLevel", "UnicodeScripts", "Whitespace", "Digits"}) {
            wordPiece("pre-tokenizer " + kind, PRE_TOKENIZER, "{'type':'" + kind + "'}");
        }
        for (String kind : new String[] {"NFD", "NFKC", "Nmt", "ByteLevel", "StripAccents"}) {
            wordPiece("normalizer " + kind, NORMALIZER, "{'type':'" + kind + "'}");
        }
        wordPiece("post-processor ByteLevel", "post_processor", "{'type':'ByteLevel','trim_offsets':true}");
        wordPiece("decoder Strip", "decoder", "{'type':'Strip','content':'a','start':99999999,'stop':1}");
        wordPiece("kind that is no text", NORMALIZER, "{'type':7}");
        wordPiece("unknown key", NORMALIZER, BERT.replace("'clean_text'", "'cleaner'"));
        unigram("Metaspace of another character", PRE_TOKENIZER, "{'type':'Metaspace','replacement':'ab'}");
    }

    private void growing() {
        String doubling = replace("String", "a", "aa");
        wordPiece("26 doublings", NORMALIZER, sequence((doubling + ",").repeat(25) + doubling));
        wordPiece(
                "growth in turns",
                NORMALIZER,
                sequence((replace("String", "a", "bbb") + "," + replace("String", "b", "aaa") + ",").repeat(9) + BERT));
        wordPiece("empty pattern", NORMALIZER, replace("String", "", "a"));
        wordPiece("long content", NORMALIZER, replace("String", "a", "b".repeat(100)));
        wordPiece("long prefix", NORMALIZER, "{'type':'Prepend','prepend':'" + "b".repeat(100) + "'}");
        wordPiece("1,000 steps", NORMALIZER, sequence((BERT + ",").repeat(999) + BERT));
        wordPiece(
                "deep nesting",
                NORMALIZER,
                "{'type':'Sequence','normalizers':[".repeat(5_000) + BERT + "]}".repeat(5_000));
    }

    private void addedTokens() {
        change("100,000 added tokens", wordPiece, file -> {
            for (int i = 0; i < 100_000; i++) {
                file.getAsJsonArray(ADDED).add(added(184 + i, "t" + i));
            }
        });
        change("negative id", wordPiece, file -> last(file).addProperty("id", -1));
        change("id of 2^32", wordPiece, file -> last(file).addProperty("id", 1L << 32));
        change("id that is not next", wordPiece, file -> last(file).addProperty("id", 500));
        change("blank token", wordPiece, file -> last(file).addProperty("content", " "));
        change(
                "token of 100,000 characters",
                wordPiece,
                file -> last(file).addProperty("content", "x".repeat(100_000)));
        change("token twice", wordPiece, file -> last(file).addProperty("content", "[CLS]"));
        change("flag that is no flag", wordPiece, file -> last(file).addProperty("lstrip", 3));
    }

    private void models() {
        change("BPE", wordPiece, file -> model(file).addProperty("type", "BPE"));
        change("no unknown word", wordPiece, file -> model(file).addProperty("unk_token", "nowhere"));
        change("word of any length", wordPiece, file -> model(file).addProperty("max_input_chars_per_word", 1L << 40));
        change(
                "id of a word",
                wordPiece,
                file -> model(file).getAsJsonObject("vocab").addProperty("x", 1L << 31));
        change(
                "long word",
                wordPiece,
                file -> model(file).getAsJsonObject("vocab").addProperty("x".repeat(5_000), 5));
        change("no unknown piece", unigram, file -> model(file).addProperty("unk_id", 999_999));
        change("null unknown piece", unigram, file -> model(file).add("unk_id", null));
        change(
                "score without end",
                unigram,
                file -> model(file).getAsJsonArray("vocab").add(JsonParser.parseString("[\"x\", 1e999]")));
        change("words for a Unigram", wordPiece, file -> model(file).addProperty("type", "Unigram"));
        change("a dropout", unigram, file -> model(file).addProperty("dropout", 2.0));
    }

    private void shapes() {
        change("unknown part", wordPiece, file -> file.addProperty("plugin", "x"));
        change("no model", wordPiece, file -> file.remove("model"));
        files.put("cut off", wordPiece.toString().substring(0, 3_000));
        files.put("part twice", wordPiece.toString().replaceFirst("\\{", "{\"decoder\":null,"));
        files.put("comment", wordPiece.toString().replaceFirst("\\{", "{/* */"));
        files.put("list", "[]");
        files.put("nothing", "");
    }

    private void expression(String name, String expression) {
        wordPiece(name, NORMALIZER, replace("Regex", expression.replace("\\", "\\\\"), " "));
    }

    private static String split(String expression) {
        return "{'type':'Split','pattern':{'Regex':'" + expression.replace("\\", "\\\\")
                + "'},'behavior':'Removed','invert':false}";
    }

    private static String replace(String kind, String pattern, String content) {
        return "{'type':'Replace','pattern':{'" + kind + "':'" + pattern + "'},'content':'" + content + "'}";
    }

    private static String sequence(String steps) {
        return "{'type':'Sequence','normalizers':[" + steps + "]}";
    }

    private static JsonObject added(int id, String content) {
        return JsonParser.parseString("{\"id\":" + id + ",\"content\":\"" + content + "\"}")
                .getAsJsonObject();
    }

    private static JsonObject last(JsonObject file) {
        JsonArray added = file.getAsJsonArray(ADDED);
        return added.get(added.size() - 1).getAsJsonObject();
    }

    private static JsonObject model(JsonObject file) {
        return file.getAsJsonObject("model");
    }

    private void map(String name, byte[] bytes) {
        unigram("map: " + name, NORMALIZER, map(Base64.getEncoder().encodeToString(bytes)));
    }

    private static String map(String base64) {
        return "{'type':'Precompiled','precompiled_charsmap':'" + base64 + "'}";
    }

    /** A trie in which the byte 1 leads to a replacement. */
    private static byte[] leaf(int replacement, String replacements) {
        int[] units = new int[512];
        units[0] = 256 << 10; // the root's children are at 256 xor their byte
        units[257] = 1 | 1 << 8 | 1 << 10; // byte 1, with a replacement, which is at 257 xor 1
        units[256] = replacement;
        byte[] trie = new byte[4 + 4 * units.length];
        ByteBuffer out = ByteBuffer.wrap(trie).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * units.length);
        out.asIntBuffer().put(units);
        return concat(trie, replacements.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private void unigram(String name, String part, String singleQuoted) {
        replaced(name, unigram, part, singleQuoted);
    }

    private void wordPiece(String name, String part, String singleQuoted) {
        replaced(name, wordPiece, part, singleQuoted);
    }

    /** Puts text into the place of a part: as text, since some of it is too deep for a reader. */
    private void replaced(String name, JsonObject base, String part, String singleQuoted) {
        JsonObject copy = base.deepCopy();
        copy.addProperty(part, "HERE");
        files.put(name, copy.toString().replace("\"HERE\"", singleQuoted.replace('\'', '"')));
    }

    private void change(String name, JsonObject base, Consumer<JsonObject> change) {
        JsonObject copy = base.deepCopy();
        change.accept(copy);
        JsonElement file = copy;
        files.put(name, file.toString());
    }
}
