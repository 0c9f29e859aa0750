package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is special to a BERT, with its configuration inside gliner_config.json as gliner 0.2.27 writes it. */
class BertExportTest {
    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.BERT_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    @Test
    void theManifestHasTheLongestRow() throws ModelException {
        ModelManifest manifest = export();

        assertThat(manifest.maxRowTokens()).isEqualTo(192);
        assertThat(manifest.vocabularySize()).isEqualTo(184);
        assertThat(manifest.encoder()).isEqualTo("tiny-bert");
    }

    @Test
    void theConfigurationMayBeAFileOfItsOwn() throws IOException, ModelException {
        String config = Files.readString(checkpoint.resolve("gliner_config.json"));
        int start = config.indexOf("\"encoder_config\"");
        int end = config.indexOf('}', config.indexOf("vocab_size", start)) + 1;
        String encoder = config.substring(config.indexOf('{', start), end);
        Files.writeString(checkpoint.resolve("gliner_config.json"), config.replace(encoder, "null"));
        Files.writeString(checkpoint.resolve("config.json"), encoder);

        assertThat(export().maxRowTokens()).isEqualTo(192);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "model_type": "bert"        | "model_type": "gpt2"       | model_type is gpt2, only bert and deberta-v2 are supported
            "model_type": "bert",       |                            | model_type is absent, only bert and deberta-v2 are supported
            "model_type": "bert"        | "model_type": "deberta-v2" | relative_attention is absent, only true is supported
            "absolute"                  | "relative_key"             | position_embedding_type is relative_key, only absolute is supported
            "hidden_act": "gelu"        | "hidden_act": "gelu_new"   | hidden_act is gelu_new, only gelu is supported
            "is_decoder": false         | "is_decoder": true         | is_decoder is true, only false is supported
            "add_cross_attention": false | "add_cross_attention": true | add_cross_attention is true, only false is supported
            "type_vocab_size": 2        | "type_vocab_size": 0       | type_vocab_size is 0, expected 1 to 65536
            "max_position_embeddings": 192 | "max_position_embeddings": 1e9 | max_position_embeddings is 1000000000, expected 1 to 65536
            "max_position_embeddings": 192, |                        | max_position_embeddings is missing
            """)
    void encodersWeDoNotImplementAreRefused(String found, String replacement, String reason) throws IOException {
        replace("gliner_config.json", found, replacement == null ? "" : replacement);

        assertRefused("gliner_config.json: encoder_config." + reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "max_position_embeddings": 192 | "max_position_embeddings": 191 | position_embeddings.weight has the shape [192, 32], expected [191, 32]
            "type_vocab_size": 2        | "type_vocab_size": 3       | token_type_embeddings.weight has the shape [2, 32], expected [3, 32]
            "layer_norm_eps": 1e-12     | "layer_norm_eps": 0        | describes an encoder that cannot be
            "embed_ent_token": true     | "embed_ent_token": false   | embed_ent_token is false, only true is supported
            "words_splitter_type": "whitespace" | "words_splitter_type": "mecab" | words_splitter_type is mecab, only whitespace is supported
            """)
    void configurationsThatDoNotFitAreRefused(String found, String replacement, String reason) throws IOException {
        replace("gliner_config.json", found, replacement);

        assertRefused(reason);
    }

    @Test
    void aTokenizerWithMoreIdsThanTheEmbeddingsHaveRowsIsRefused() throws IOException {
        replace(
                "tokenizer.json",
                "\"added_tokens\": [",
                "\"added_tokens\": [{\"id\": 181, \"content\": \"[EXTRA]\", \"single_word\": false, \"lstrip\": false,"
                        + "\"rstrip\": false, \"normalized\": false, \"special\": true},");
        for (int id = 183; id >= 181; id--) { // the tokens behind the new one
            replace("tokenizer.json", "\"id\": " + id + ",\n", "\"id\": " + (id + 1) + ",\n");
        }

        assertRefused("its tokenizer has the ids 0 to 184, its word embeddings have only 184 rows");
    }

    private void replace(String file, String found, String replacement) throws IOException {
        String text = Files.readString(checkpoint.resolve(file));
        assertThat(text).contains(found);
        Files.writeString(checkpoint.resolve(file), text.replace(found, replacement));
    }

    private ModelManifest export() throws ModelException {
        return CheckpointExporter.export(checkpoint, directory.resolve("exported"), ProgressListener.none());
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(this::export).isInstanceOf(ModelException.class).hasMessageContaining(reason);
    }
}
