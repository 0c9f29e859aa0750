package io.nuner.gputest.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writer of checkpoints with random weights: configuration, tokenizer and model.safetensors. Any thread. */
public final class RandomCheckpoint {
    private static final String TOKENIZER = "spm.model";

    private RandomCheckpoint() {}

    /**
     * Writes a checkpoint into a directory, which is made if it is missing. Uses every core; the same shape and seed give the
     * same bytes on any machine.
     */
    public static void write(ModelShape shape, long seed, Path directory) throws IOException {
        Files.createDirectories(directory);
        writeConfiguration(shape, directory);
        try (InputStream tokenizer = RandomCheckpoint.class.getResourceAsStream(TOKENIZER)) {
            if (tokenizer == null) {
                throw new FileNotFoundException(TOKENIZER + " is not part of this jar");
            }
            Files.write(directory.resolve(TOKENIZER), tokenizer.readAllBytes());
        }
        RandomWeights.write(TensorList.of(shape), seed, directory.resolve("model.safetensors"));
    }

    /** The model reads 512 words and not the 384 of NuNER Zero, so that rows of 512 tokens of one-token words exist. */
    private static void writeConfiguration(ModelShape shape, Path directory) throws IOException {
        Files.writeString(directory.resolve("gliner_config.json"), """
                {"model_name": "random-%s", "subtoken_pooling": "first", "hidden_size": %d,
                 "span_mode": "marker", "max_width": 1, "max_len": 512}
                """.formatted(shape.key(), shape.projected()));
        Files.writeString(directory.resolve("encoder_config.json"), """
                {"model_type": "deberta-v2", "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "intermediate_size": %d, "hidden_act": "gelu", "max_position_embeddings": %d, "position_buckets": %d,
                 "relative_attention": true, "type_vocab_size": 0, "norm_rel_ebd": "layer_norm", "share_att_key": true,
                 "pos_att_type": ["p2c", "c2p"], "max_relative_positions": -1, "position_biased_input": false,
                 "layer_norm_eps": 1e-07}
                """.formatted(
                        shape.hidden(),
                        shape.layers(),
                        shape.heads(),
                        shape.feedForward(),
                        ModelShape.MAX_POSITIONS,
                        ModelShape.BUCKETS));
    }
}
