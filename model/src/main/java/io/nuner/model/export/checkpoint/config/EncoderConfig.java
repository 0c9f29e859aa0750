package io.nuner.model.export.checkpoint.config;

import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a checkpoint says of its encoder, which is of one of the families we implement. Immutable. */
public sealed interface EncoderConfig permits BertConfig, DebertaConfig {
    /** The file that describes the encoder and nothing else. */
    String FILE = "encoder_config.json";

    /** The file that describes the encoder in the encoder's own repository; a model's may describe something else. */
    String GENERAL_FILE = "config.json";

    /** The key that names the family in either file. */
    String FAMILY_KEY = "model_type";

    /** The value of that key where config.json describes the whole model. */
    String THE_MODEL_ITSELF = "gliner";

    /** The values of that key which we implement. */
    List<String> FAMILIES = List.of(BertConfig.MODEL_TYPE, DebertaConfig.MODEL_TYPE);

    /** The sizes that every encoder has. */
    EncoderShape shape();

    /** Tokens of the longest row the encoder reads; {@link Integer#MAX_VALUE} for any length. */
    int maxRowTokens();

    /** Calls the case of this family. */
    <T> T choose(ByFamily<T> choice) throws ModelException;

    /**
     * Reads encoder_config.json, or config.json if that is of an encoder, or the encoder_config inside gliner_config.json,
     * whichever is there first; without any, takes the known shape of the named encoder.
     *
     * @throws ModelException if the encoder is unknown, of another family, or not as we implement it
     */
    static EncoderConfig read(Path checkpoint, String modelName) throws ModelException {
        Optional<JsonConfig> json = find(checkpoint);
        if (json.isPresent()) {
            return of(json.get());
        }
        Optional<DebertaConfig> known = DebertaConfig.known(modelName);
        if (known.isPresent()) {
            return known.get();
        }
        requireNoOtherFamily(checkpoint.resolve(GENERAL_FILE));
        throw ModelException.of(
                checkpoint.resolve(GlinerConfig.FILE),
                "model_name is " + modelName + ", an encoder we do not know, and there is no " + FILE + "; copy the "
                        + GENERAL_FILE + " of that encoder here under this name, or let nuner fetch do so");
    }

    /** The configuration file that was skipped, if any, names the cause best. */
    private static void requireNoOtherFamily(Path general) throws ModelException {
        JsonConfig json = Files.exists(general) ? JsonConfig.read(general) : null;
        if (json != null && json.has(FAMILY_KEY) && !json.text(FAMILY_KEY, "").equals(THE_MODEL_ITSELF)) {
            of(json);
        }
    }

    /** True if the files of a checkpoint describe its encoder. */
    static boolean isDescribedIn(Path checkpoint) throws ModelException {
        return find(checkpoint).isPresent();
    }

    /** True if the shape of the encoder of this name is built in. */
    static boolean isKnown(String modelName) {
        return DebertaConfig.known(modelName).isPresent();
    }

    private static Optional<JsonConfig> find(Path checkpoint) throws ModelException {
        if (Files.exists(checkpoint.resolve(FILE))) {
            return Optional.of(JsonConfig.read(checkpoint.resolve(FILE)));
        }
        if (Files.exists(checkpoint.resolve(GENERAL_FILE))) {
            JsonConfig general = JsonConfig.read(checkpoint.resolve(GENERAL_FILE));
            if (FAMILIES.contains(general.text(FAMILY_KEY, ""))) {
                return Optional.of(general);
            }
        }
        return JsonConfig.read(checkpoint.resolve(GlinerConfig.FILE)).object("encoder_config");
    }

    private static EncoderConfig of(JsonConfig json) throws ModelException {
        String family = json.requireOneOf(FAMILY_KEY, FAMILIES);
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
