package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a checkpoint says of its encoder, which is of one of the families we implement. Immutable. */
public sealed interface EncoderConfig permits BertConfig, DebertaConfig {
    /** The sizes that every encoder has. */
    EncoderShape shape();

    /** Tokens of the longest row the encoder reads; {@link Integer#MAX_VALUE} for any length. */
    int maxRowTokens();

    /** Does what is to be done for the family this is of. */
    <T> T choose(ByFamily<T> choice) throws ModelException;

    /**
     * Reads encoder_config.json, config.json or the encoder_config inside gliner_config.json, whichever is there first;
     * without any, takes the known shape of the named encoder.
     *
     * @throws ModelException if the encoder is unknown, of another family, or not as we implement it
     */
    static EncoderConfig read(Path checkpoint, String modelName) throws ModelException {
        Optional<JsonConfig> json = find(checkpoint);
        if (json.isPresent()) {
            return of(json.get());
        }
        return DebertaConfig.known(modelName)
                .orElseThrow(() -> ModelException.of(
                        checkpoint.resolve(GlinerConfig.FILE),
                        "model_name is " + modelName
                                + ", an encoder we do not know, and there is no encoder_config.json"));
    }

    private static Optional<JsonConfig> find(Path checkpoint) throws ModelException {
        for (String name : List.of("encoder_config.json", "config.json")) {
            if (Files.exists(checkpoint.resolve(name))) {
                return Optional.of(JsonConfig.read(checkpoint.resolve(name)));
            }
        }
        return JsonConfig.read(checkpoint.resolve(GlinerConfig.FILE)).object("encoder_config");
    }

    private static EncoderConfig of(JsonConfig json) throws ModelException {
        String family = json.requireOneOf("model_type", List.of(BertConfig.MODEL_TYPE, DebertaConfig.MODEL_TYPE));
        return family.equals(BertConfig.MODEL_TYPE) ? BertConfig.of(json) : DebertaConfig.of(json);
    }

    /** A case for each family. */
    interface ByFamily<T> {
        /** The encoder is a BERT. */
        T bert(BertConfig config) throws ModelException;

        /** The encoder is a DeBERTa-v3. */
        T deberta(DebertaConfig config) throws ModelException;
    }
}
