package io.nuner.model.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The reference checkpoints on the test class path, each with the answers of the reference implementation. Any thread.
 *
 * <p>Where they come from and under which licence: fixtures/README.md in the test resources.
 */
public enum Fixtures {
    /** Span mode marker, width 1, small vocabulary. */
    MARKER_W1("marker_w1", "tokenizer.json"),
    /** Span mode markerV0, width 3, at most 40 words, small vocabulary. */
    MARKER_V0_W3("markerV0_w3", "tokenizer.json"),
    /** Span mode marker, width 1, the vocabulary of NuNER Zero as spm.model; safetensors only. */
    REAL_VOCAB("real_vocab", "spm.model"),
    /** A BERT of 256 positions, span mode marker, width 1, weights stored as F16; safetensors only. */
    BERT_W1("bert_w1", "tokenizer.json"),
    /** A BERT of 192 positions, span mode markerV0, width 3, at most 40 words, weights stored as I8 rows; safetensors only. */
    BERT_V0_W3("bertV0_w3", "tokenizer.json");

    private static final String ENCODER_CONFIG = "encoder_config.json";

    private final String directory;
    private final String vocabularyFile;

    Fixtures(String directory, String vocabularyFile) {
        this.directory = directory;
        this.vocabularyFile = vocabularyFile;
    }

    /**
     * Writes the checkpoint into a new directory below {@code tempDir} and returns that directory: gliner_config.json, the
     * weights, tokenizer.json or spm.model, and encoder_config.json unless that is inside gliner_config.json.
     *
     * @throws UncheckedIOException if the fixture lacks that format or a file cannot be written
     */
    public Path checkpoint(Path tempDir, WeightsFormat format) {
        try {
            Path target = Files.createTempDirectory(tempDir, directory);
            for (String file : List.of("gliner_config.json", vocabularyFile, format.fileName())) {
                copy(file, target.resolve(file));
            }
            if (has(ENCODER_CONFIG)) {
                copy(ENCODER_CONFIG, target.resolve(ENCODER_CONFIG));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The reference's answers, in the order of the file. */
    public List<FixtureCase> cases() {
        try (InputStreamReader json = new InputStreamReader(open("expected.json"), StandardCharsets.UTF_8)) {
            return ExpectedFile.read(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies tokenizer.json or spm.model, whichever the fixture has, into a directory. */
    void copyVocabulary(Path directory) throws IOException {
        copy(vocabularyFile, directory.resolve(vocabularyFile));
    }

    private boolean has(String file) {
        return Fixtures.class.getResource("/fixtures/" + directory + "/" + file) != null;
    }

    private void copy(String file, Path target) throws IOException {
        try (InputStream content = open(file)) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @SuppressWarnings("MustBeClosed")
    private InputStream open(String file) throws IOException {
        InputStream plain = Fixtures.class.getResourceAsStream("/fixtures/" + directory + "/" + file);
        if (plain != null) {
            return plain;
        }
        InputStream packed = Fixtures.class.getResourceAsStream("/fixtures/" + directory + "/" + file + ".gz");
        if (packed == null) {
            throw new FileNotFoundException(directory + " has no " + file);
        }
        return new GZIPInputStream(packed, 1 << 16);
    }
}
