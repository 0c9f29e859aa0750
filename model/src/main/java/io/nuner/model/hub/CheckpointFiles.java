package io.nuner.model.hub;

import io.nuner.model.ModelException;
import io.nuner.model.encode.TokenizerFile;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.OtherWeights;
import io.nuner.model.export.checkpoint.ShardIndex;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.hub.Listing.HubFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a repository that make a checkpoint. Only these names become paths, and the names of shards, which
 * {@link ShardIndex} checks.
 */
final class CheckpointFiles {
    /** Files that may describe the encoder, the preferred one first. */
    static final List<String> ENCODER_CONFIGS = List.of(EncoderConfig.FILE, EncoderConfig.GENERAL_FILE);

    private static final List<String> WEIGHTS = List.of(Checkpoint.SAFETENSORS, ShardIndex.FILE, Checkpoint.TORCH);

    private CheckpointFiles() {}

    /** The model's configuration. */
    static HubFile config(Listing model) throws ModelException {
        return model.file(GlinerConfig.FILE)
                .orElseThrow(() -> new ModelException(
                        model + " has no " + GlinerConfig.FILE + ", so it is no checkpoint of the GLiNER family"));
    }

    /** The file of a model that may describe its encoder, if there is one. */
    static Optional<HubFile> encoderConfig(Listing model) {
        return first(model, ENCODER_CONFIGS);
    }

    /** The weights, or the index of those that lie in several files. */
    static HubFile weights(Listing model) throws ModelException {
        return first(model, WEIGHTS)
                .orElseThrow(() -> new ModelException(
                        model + " has " + OtherWeights.describe(model.contents().keySet())));
    }

    /** The shards of an index. */
    static List<HubFile> shards(Listing model, ShardIndex index) throws ModelException {
        List<HubFile> shards = new ArrayList<>();
        for (String name : index.shards()) {
            shards.add(model.file(name)
                    .orElseThrow(() -> new ModelException(
                            model + " has no " + name + ", which its " + ShardIndex.FILE + " names")));
        }
        return shards;
    }

    /** The tokenizer, if there is one. */
    static Optional<HubFile> tokenizer(Listing repository) {
        return first(repository, TokenizerFile.SOURCES);
    }

    private static Optional<HubFile> first(Listing repository, List<String> names) {
        return names.stream().flatMap(name -> repository.file(name).stream()).findFirst();
    }
}
