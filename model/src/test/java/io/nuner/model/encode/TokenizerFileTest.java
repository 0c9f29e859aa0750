package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFileTest {
    @TempDir
    private Path directory;

    @Test
    void aCompleteTokenizerIsCopied() throws IOException, ModelException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path out = directory.resolve("out.json");

        TokenizerFile.prepare(checkpoint, out);

        assertThat(out).hasSameBinaryContentAs(checkpoint.resolve("tokenizer.json"));
    }

    @Test
    void missingTokensAreAppendedInTheOrderOfTheReference() throws IOException, ModelException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path tokenizerJson = checkpoint.resolve("tokenizer.json");
        JsonObject complete = parse(tokenizerJson);
        JsonObject cut = complete.deepCopy();
        JsonArray added = cut.getAsJsonArray("added_tokens");
        while (added.size() > 5) {
            added.remove(5);
        }
        Files.writeString(tokenizerJson, cut.toString());
        Path out = directory.resolve("out.json");

        TokenizerFile.prepare(checkpoint, out);

        assertThat(parse(out)).isEqualTo(complete);
    }

    /** [FLERT] is part of no input, but the markers behind it are numbered as if it were there. */
    @Test
    void theUnusedTokenIsPutWhereItsNumberWasLeftFree() throws IOException, ModelException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path tokenizerJson = checkpoint.resolve("tokenizer.json");
        JsonObject complete = parse(tokenizerJson);
        JsonObject without = complete.deepCopy();
        without.getAsJsonArray("added_tokens").remove(5);
        Files.writeString(tokenizerJson, without.toString());
        Path out = directory.resolve("out.json");

        TokenizerFile.prepare(checkpoint, out);

        assertThat(parse(out)).isEqualTo(complete);
    }

    @Test
    void theUnusedTokenIsNotAddedWhereNoNumberWasLeftForIt() throws IOException, ModelException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path tokenizerJson = checkpoint.resolve("tokenizer.json");
        JsonObject without = parse(tokenizerJson);
        JsonArray added = without.getAsJsonArray("added_tokens");
        added.remove(5);
        added.get(5).getAsJsonObject().addProperty("id", 187);
        added.get(6).getAsJsonObject().addProperty("id", 188);
        Files.writeString(tokenizerJson, without.toString());
        Path out = directory.resolve("out.json");

        TokenizerFile.prepare(checkpoint, out);

        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(out)) {
            assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, 187, 188));
            assertThat(tokenizer.endOfIds()).isEqualTo(189);
        }
    }

    @Test
    void aSentencePieceModelBecomesATokenizerWithTheIdsOfTheReference() throws IOException, ModelException {
        Path checkpoint = Fixtures.REAL_VOCAB.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path out = directory.resolve("out.json");

        TokenizerFile.fromSentencePiece(checkpoint.resolve("spm.model"), out);

        JsonObject json = parse(out);
        assertThat(json.getAsJsonObject("model").getAsJsonArray("vocab")).hasSize(128_000);
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(out)) {
            assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, 128_002, 128_003));
        }
    }

    @Test
    void aConvertedTokenizerHasTheShapeTransformersGivesIt() throws IOException, ModelException {
        Path reference = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path checkpoint = Fixtures.REAL_VOCAB.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path out = directory.resolve("out.json");
        TokenizerFile.prepare(checkpoint, out);

        JsonObject made = withoutVocabulary(parse(out));
        JsonObject expected = withoutVocabulary(parse(reference.resolve("tokenizer.json")));

        assertThat(made).isEqualTo(expected);
    }

    @Test
    void aCheckpointWithoutTokenizerIsRefused() {
        assertThatThrownBy(() -> TokenizerFile.prepare(directory, directory.resolve("out.json")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("neither tokenizer.json nor spm.model");
    }

    @Test
    void aListOfWordPiecesAloneIsRefused() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n[UNK]\n");

        assertThatThrownBy(() -> TokenizerFile.prepare(directory, directory.resolve("out.json")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("vocab.txt alone does not say how text is normalised; copy tokenizer.json");
    }

    @Test
    void aFileThatIsNoSentencePieceModelIsNamed() throws IOException {
        Path spmModel = Files.writeString(directory.resolve("spm.model"), "no such thing");
        Path empty = Files.createFile(directory.resolve("empty.model"));

        assertThatThrownBy(() -> TokenizerFile.fromSentencePiece(spmModel, directory.resolve("out.json")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("spm.model");
        assertThatThrownBy(() -> TokenizerFile.fromSentencePiece(empty, directory.resolve("out.json")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("empty.model has no piece [PAD]");
    }

    /** Drops the pieces, the ids behind them, the blob of the normaliser and the padding, which is off in either case. */
    private static JsonObject withoutVocabulary(JsonObject tokenizer) {
        tokenizer.remove("padding");
        tokenizer.getAsJsonObject("model").remove("vocab");
        tokenizer
                .getAsJsonArray("added_tokens")
                .forEach(token -> token.getAsJsonObject().remove("id"));
        JsonArray normalizers = tokenizer.getAsJsonObject("normalizer").getAsJsonArray("normalizers");
        assertThat(normalizers.get(1).getAsJsonObject().remove("precompiled_charsmap"))
                .isNotNull();
        return tokenizer;
    }

    private static JsonObject parse(Path json) throws IOException {
        return JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    }
}
