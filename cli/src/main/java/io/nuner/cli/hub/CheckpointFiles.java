package io.nuner.cli.hub;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.GlinerConfig;
import java.util.List;
import java.util.Optional;

/** Which files of a repository make a checkpoint. Only names that stand here ever become paths. */
final class CheckpointFiles {
    private static final List<String> ENCODER_CONFIGS = List.of("encoder_config.json", "config.json");
    private static final List<String> WEIGHTS = List.of(Checkpoint.SAFETENSORS, Checkpoint.TORCH);
    private static final List<String> SHARDED =
            List.of(Checkpoint.SAFETENSORS + ".index.json", Checkpoint.TORCH + ".index.json");
    private static final List<String> TOKENIZERS = List.of("tokenizer.json", "spm.model");

    private CheckpointFiles() {}

    /** The model's configuration. */
    static HubFile config(Listing model) throws ModelException {
        return model.file(GlinerConfig.FILE)
                .orElseThrow(() -> new ModelException(
                        model + " has no " + GlinerConfig.FILE + ", so it is no checkpoint of the GLiNER family"));
    }

    /** The encoder's configuration, if the model brings one. */
    static Optional<HubFile> encoderConfig(Listing model) {
        return first(model, ENCODER_CONFIGS);
    }

    /** The weights. */
    static HubFile weights(Listing model) throws ModelException {
        Optional<HubFile> whole = first(model, WEIGHTS);
        if (whole.isPresent()) {
            return whole.get();
        }
        Optional<HubFile> index = first(model, SHARDED);
        throw new ModelException(
                index.isPresent()
                        ? model + " has its weights in several files ("
                                + index.get().name() + "), only one file is supported"
                        : model + " has neither " + Checkpoint.SAFETENSORS + " nor " + Checkpoint.TORCH);
    }

    /** The tokenizer, if there is one. */
    static Optional<HubFile> tokenizer(Listing repository) {
        return first(repository, TOKENIZERS);
    }

    private static Optional<HubFile> first(Listing repository, List<String> names) {
        return names.stream().flatMap(name -> repository.file(name).stream()).findFirst();
    }
}
