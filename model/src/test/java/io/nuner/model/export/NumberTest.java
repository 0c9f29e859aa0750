package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.internal.LazilyParsedNumber;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every number of a checkpoint's configurations, with values that no model has. */
class NumberTest {
    private static final List<String> HOSTILE = List.of("0", "-1", "2147483647", "1e18", "1e999", "NaN");

    private static final List<String> NUMBERS = List.of(
            "max_width",
            "max_len",
            "hidden_size",
            "num_rnn_layers",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "layer_norm_eps",
            "position_buckets",
            "max_relative_positions",
            "max_position_embeddings",
            "type_vocab_size");
    /** What a model may have. */
    private static final List<String> POSSIBLE =
            List.of("max_relative_positions -1", "max_relative_positions 0", "type_vocab_size 0");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"MARKER_V0_W3", "BERT_W1"})
    void noNumberEndsInAnythingButAModelThatIsRefused(Fixtures fixture) throws IOException {
        List<String> accepted = new ArrayList<>();
        for (String file : List.of("gliner_config.json", "encoder_config.json")) {
            Path checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
            Path config = checkpoint.resolve(file);
            if (Files.exists(config)) {
                tryAll(checkpoint, config, accepted);
            }
        }

        assertThat(accepted).allMatch(POSSIBLE::contains);
    }

    private void tryAll(Path checkpoint, Path config, List<String> accepted) throws IOException {
        JsonObject original = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
        for (String key : NUMBERS) {
            for (String value : HOSTILE) {
                JsonObject changed = original.deepCopy();
                JsonObject holder = changed.has("encoder_config") && !changed.has(key)
                        ? changed.getAsJsonObject("encoder_config")
                        : changed;
                if (holder.has(key)) {
                    holder.add(key, new JsonPrimitive(new LazilyParsedNumber(value)));
                    Files.writeString(config, changed.toString());
                    tryOne(checkpoint, key + " " + value, accepted);
                }
            }
        }
    }

    private void tryOne(Path checkpoint, String what, List<String> accepted) {
        Path out = directory.resolve("out-" + accepted.size());
        Throwable thrown = catchThrowable(() -> CheckpointExporter.export(checkpoint, out, ProgressListener.none()));
        if (thrown == null) {
            accepted.add(what);
        } else {
            assertThat(thrown).as(what).isInstanceOf(ModelException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gliner_config.json  | max_width           | 2000000000 | max_width is 2000000000, expected 1 to 100",
                "gliner_config.json  | max_width           | 0          | max_width is 0, expected 1 to 100",
                "gliner_config.json  | max_len             | 2000000000 | max_len is 2000000000, expected 1 to 65536",
                "gliner_config.json  | hidden_size         | 1e18       | hidden_size is 1e18, expected a whole number",
                "gliner_config.json  | hidden_size         | 65536      | hidden_size is 65536, expected 1 to 16384",
                "gliner_config.json  | num_rnn_layers      | 2000       | num_rnn_layers is 2000, expected -1 to 16",
                "gliner_config.json  | max_width           | 2.5        | max_width is 2.5, expected a whole number",
                "encoder_config.json | hidden_size         | 2147483647 | hidden_size is 2147483647, expected 1 to 16384",
                "encoder_config.json | num_hidden_layers   | 2000000000 | num_hidden_layers is 2000000000, expected 1 to 200",
                "encoder_config.json | num_attention_heads | -1         | num_attention_heads is -1, expected 1 to 1024",
                "encoder_config.json | intermediate_size   | 2000000000 | intermediate_size is 2000000000, expected 1 to 131072",
                "encoder_config.json | position_buckets    | 2000000000 | position_buckets is 2000000000, expected 8 to 65536",
                "encoder_config.json | max_relative_positions | 70000   | max_relative_positions is 70000, expected -1 to 65536"
            })
    void theSentenceNamesTheNumberAndItsLimit(String file, String key, String value, String sentence)
            throws IOException {
        Path checkpoint = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path config = checkpoint.resolve(file);
        JsonObject changed = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
        changed.addProperty(key, new LazilyParsedNumber(value));
        Files.writeString(config, changed.toString());

        Throwable thrown = catchThrowable(
                () -> CheckpointExporter.export(checkpoint, directory.resolve("out"), ProgressListener.none()));

        assertThat(thrown).isInstanceOf(ModelException.class).hasMessageContaining(sentence);
    }

    @Test
    void numbersWrittenAsTextAreNoNumbers() throws IOException {
        Path checkpoint = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path config = checkpoint.resolve("gliner_config.json");
        JsonObject changed = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
        changed.addProperty("max_width", "NaN");
        Files.writeString(config, changed.toString());

        Throwable thrown = catchThrowable(
                () -> CheckpointExporter.export(checkpoint, directory.resolve("out"), ProgressListener.none()));

        assertThat(thrown).isInstanceOf(ModelException.class).hasMessageContaining("max_width is \"NaN\"");
    }
}
