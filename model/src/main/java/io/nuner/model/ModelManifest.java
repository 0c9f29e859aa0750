package io.nuner.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an exported model is and which files make it up, as {@code manifest.json} beside them has it. Immutable.
 *
 * @param format version of this description, {@value #FORMAT}
 * @param name the checkpoint it was made of
 * @param encoder name of the encoder, e.g. microsoft/deberta-v3-large
 * @param spanMode {@code marker} or {@code markerV0}
 * @param maxWidth widest span in words
 * @param maxWords words of a text that the model reads
 * @param maxRowTokens tokens of the longest row that the encoder reads; {@link Integer#MAX_VALUE} for any length
 * @param hiddenSize size of a word vector in the head
 * @param vocabularySize token ids are below this
 * @param specialTokens ids of the tokens that frame a row
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
        List<ManifestFile> files) {
    /** The only version that is read. */
    public static final int FORMAT = 2;

    /** The manifest's own name. */
    public static final String FILE = "manifest.json";

    private static final long MAX_BYTES = 1 << 20;
    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    public ModelManifest {
        if (format != FORMAT) {
            throw new IllegalArgumentException("format must be " + FORMAT + ", but was " + format);
        }
        if (IntStream.of(maxWidth, maxWords, maxRowTokens, hiddenSize, vocabularySize)
                .anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "maxWidth, maxWords, maxRowTokens, hiddenSize and vocabularySize must be positive");
        }
        Stream.of(name, encoder, spanMode, specialTokens).forEach(Objects::requireNonNull); // JSON may lack them
        files = List.copyOf(files);
    }

    /**
     * Reads {@code manifest.json} of an exported model.
     *
     * @throws ModelException if it is missing, damaged or of another format, or lists other files than a model has
     */
    public static ModelManifest read(Path directory) throws ModelException {
        Path file = directory.resolve(FILE);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw ModelException.of(file, "is larger than " + MAX_BYTES + " bytes");
            }
            ModelManifest manifest = JSON.fromJson(Files.readString(file), ModelManifest.class);
            manifest.requireModelFiles(file);
            return manifest;
        } catch (IOException e) {
            throw ModelException.of(file, e);
        } catch (RuntimeException e) { // Gson wraps what the record refuses, and its own failures, in many of these
            throw ModelException.of(file, "is no manifest of format " + FORMAT + "; export the checkpoint again");
        }
    }

    private void requireModelFiles(Path file) throws ModelException {
        Set<String> listed = files.stream().map(ManifestFile::path).collect(Collectors.toSet());
        if (listed.size() != files.size() || !listed.equals(ExportedFiles.ALL)) {
            throw ModelException.of(file, "lists the files " + listed + ", expected " + ExportedFiles.ALL);
        }
    }

    /** Writes {@code manifest.json}; it must not exist. */
    public void write(Path directory) throws ModelException {
        Path file = directory.resolve(FILE);
        try {
            Files.writeString(file, canonical(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /**
     * Reads every file and compares size and content; takes about a second for each gigabyte.
     *
     * @throws ModelException naming the first file that is missing or differs
     */
    public void verify(Path directory) throws ModelException {
        for (ManifestFile file : files) {
            ManifestFile found = FileDigest.of(directory, file.path(), file.size());
            if (!found.equals(file)) {
                throw ModelException.of(directory.resolve(file.path()), "its content is not the one listed in " + FILE);
            }
        }
    }

    /** SHA-256 of the canonical JSON: names the model with all its files. 64 lower-case hexadecimal digits. */
    public String sha256() {
        return FileDigest.hex(FileDigest.sha256().digest(canonical().getBytes(StandardCharsets.UTF_8)));
    }

    private String canonical() {
        return JSON.toJson(this) + "\n";
    }
}
