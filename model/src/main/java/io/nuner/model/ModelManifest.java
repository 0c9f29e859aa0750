package io.nuner.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.files.Sha256;
import io.nuner.model.encode.SpecialTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an exported model is and which files make it up, as {@code manifest.json} beside them has it. Immutable.
 *
 * @param format version of this description, {@value #FORMAT}, or {@value #QUANTIZED_FORMAT} with a quantization
 * @param name the checkpoint it was made of
 * @param encoder name of the encoder, e.g. microsoft/deberta-v3-large
 * @param spanMode {@code marker} or {@code markerV0}
 * @param maxWidth widest span in words
 * @param maxWords words of a text that the model reads
 * @param maxRowTokens tokens of the longest row that the encoder reads; {@link Integer#MAX_VALUE} for any length
 * @param hiddenSize size of a word vector in the head
 * @param vocabularySize token ids are below this
 * @param specialTokens ids of the tokens that frame a row
 * @param quantization how the weights were rounded; null if they are float32
 * @param accuracy how close rounded weights come to float32; null if they are float32, or were not compared
 * @param files all files but the manifest itself
 */
public record ModelManifest(
        int format,
        String name,
        String encoder,
        String spanMode,
        int maxWidth,
        int maxWords,
        int maxRowTokens,
        int hiddenSize,
        int vocabularySize,
        SpecialTokens specialTokens,
        @Nullable Quantization quantization,
        @Nullable Accuracy accuracy,
        List<Entry> files) {
    /** The version of a model with float32 weights. */
    public static final int FORMAT = 3;

    /** The version of a model with rounded weights; programs that know none refuse it by its number. */
    static final int QUANTIZED_FORMAT = 4;

    /** The widest span that a model may have, in words: each word of a batch has this number of rows of scores. */
    public static final int MOST_WIDTH = 100;

    /** The longest text that a model may read. */
    public static final int MOST_WORDS = 1 << 16;

    /** The largest hidden state. */
    public static final int MOST_HIDDEN = 1 << 14;

    private static final int MOST_TOKENS = 1 << 20;

    /** The manifest's own name. */
    public static final String FILE = "manifest.json";

    private static final int MAX_BYTES = 1 << 20;
    private static final String OWN_HASH = "sha256";
    private static final String AGAIN = "export the checkpoint again";
    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    public ModelManifest {
        if (format != (quantization == null ? FORMAT : QUANTIZED_FORMAT)) {
            throw new IllegalArgumentException("format is " + format + ", but quantization is " + quantization);
        }
        if (accuracy != null && quantization == null) {
            throw new IllegalArgumentException("accuracy is told, but quantization is not");
        }
        require("maxWidth", maxWidth, MOST_WIDTH);
        require("maxWords", maxWords, MOST_WORDS);
        require("maxRowTokens", maxRowTokens, Integer.MAX_VALUE);
        require("hiddenSize", hiddenSize, MOST_HIDDEN);
        require("vocabularySize", vocabularySize, MOST_TOKENS);
        Stream.of(name, encoder, spanMode, specialTokens).forEach(Objects::requireNonNull); // JSON may lack them
        files = List.copyOf(files);
        specialTokens.requireBelow(vocabularySize);
    }

    private static void require(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 1 to " + most);
        }
    }

    /**
     * Reads {@code manifest.json} of an exported model. The file holds its own hash, and is accepted only if every byte is as
     * {@link #write} wrote it.
     *
     * @throws ModelException if it is missing, damaged or of another format, or lists other files than a model has
     */
    public static ModelManifest read(Path directory) throws ModelException {
        Path file = directory.resolve(FILE);
        String text = new String(RegularFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1);
        try {
            ModelManifest manifest = parse(text);
            manifest.requireModelFiles(file);
            if (!manifest.text().equals(text)) {
                throw ModelException.of(file, "is damaged: it is not as it was written; " + AGAIN);
            }
            return manifest;
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + ": " + e.getMessage(), e);
        } catch (RuntimeException e) { // of Gson
            throw new ModelException(
                    file + ": is no manifest of the formats " + FORMAT + " and " + QUANTIZED_FORMAT + "; " + AGAIN, e);
        }
    }

    /** Checks the format first and unwraps refusals: Gson calls the constructor by reflection and wraps what it throws. */
    private static ModelManifest parse(String text) {
        JsonObject tree = JsonParser.parseString(text).getAsJsonObject();
        int format = tree.get("format").getAsInt();
        if (format != FORMAT && format != QUANTIZED_FORMAT) {
            throw new IllegalArgumentException("is of format " + format
                    + ", which another version of this program wrote; this one reads the formats " + FORMAT + " and "
                    + QUANTIZED_FORMAT + "; " + AGAIN);
        }
        try {
            return JSON.fromJson(tree, ModelManifest.class);
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw cause instanceof IllegalArgumentException ours ? ours : e;
        }
    }

    private void requireModelFiles(Path file) throws ModelException {
        Set<String> listed = files.stream().map(Entry::path).collect(Collectors.toSet());
        if (listed.size() != files.size() || !listed.equals(ExportedFiles.ALL)) {
            throw ModelException.of(file, "lists the files " + listed + ", expected " + ExportedFiles.ALL);
        }
    }

    /** Writes {@code manifest.json}; it must not exist. */
    public void write(Path directory) throws ModelException {
        Path file = directory.resolve(FILE);
        try {
            Files.writeString(
                    file, text(), StandardCharsets.ISO_8859_1, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /** The format of the manifest of a model with such weights. */
    public static int formatOf(WeightType weights) {
        return weights.quantization().isPresent() ? QUANTIZED_FORMAT : FORMAT;
    }

    /** The same with what was measured of its answers. */
    public ModelManifest withAccuracy(Accuracy measured) {
        return new ModelManifest(
                format,
                name,
                encoder,
                spanMode,
                maxWidth,
                maxWords,
                maxRowTokens,
                hiddenSize,
                vocabularySize,
                specialTokens,
                quantization,
                measured,
                files);
    }

    /** How the weights are stored. */
    public WeightType weights() {
        return quantization == null ? WeightType.FLOAT32 : WeightType.INT8;
    }

    /** What the manifest says of one of the files. */
    Entry file(String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(path));
    }

    /** SHA-256 of the canonical JSON: names the model with all its files. 64 lower-case hexadecimal digits. */
    public String sha256() {
        return Sha256.of(ascii(JSON.toJson(this)).getBytes(StandardCharsets.UTF_8));
    }

    /** The content of the file: the description, then its hash. ASCII only. */
    private String text() {
        JsonObject tree = JSON.toJsonTree(this).getAsJsonObject();
        tree.addProperty(OWN_HASH, sha256());
        return ascii(JSON.toJson(tree)) + "\n";
    }

    private static String ascii(String json) {
        StringBuilder ascii = new StringBuilder(json.length());
        json.chars().forEach(c -> ascii.append(c < 0x7F ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return ascii.toString();
    }

    /**
     * A file of an exported model. Immutable.
     *
     * @param path its name inside the model's directory
     * @param size bytes
     * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
     */
    public record Entry(String path, long size, String sha256) {
        public Entry {
            Objects.requireNonNull(path);
            Objects.requireNonNull(sha256);
        }
    }
}
