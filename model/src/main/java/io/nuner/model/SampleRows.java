package io.nuner.model;

import com.google.gson.Gson;
import io.nuner.engine.TokenRow;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.LabelRules;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.RequestEncoder;
import io.nuner.model.text.WordSplitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of real text, from three words to four hundred, to compare engines with. Written for this program; every model gets
 * the same texts and labels, in its own tokens. Any thread.
 */
final class SampleRows {
    private static final String RESOURCE = "samples.json";

    private final ModelManifest manifest;
    private final RequestEncoder encoder;
    private final LabelRules labelRules;

    SampleRows(ModelManifest manifest, RequestEncoder encoder, LabelRules labelRules) {
        this.manifest = manifest;
        this.encoder = encoder;
        this.labelRules = labelRules;
    }

    /** The rows; texts are cut to what the model reads, and left out if it cannot read one word of them. */
    List<TokenRow> rows() {
        List<Sample> samples = read();
        return samples.stream()
                .map(sample -> row(sample.fullText(samples), sample.labels()))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<TokenRow> row(String text, List<String> labels) {
        Prompt prompt =
                encoder.distinctPrompt(labels.stream().map(labelRules::toPrompt).toList());
        if (prompt.labels() == 0) {
            return Optional.empty();
        }
        return encoder.encode(WordSplitter.split(text).first(manifest.maxWords()), prompt)
                .fitting(manifest.maxRowTokens())
                .map(EncodedRequest::row);
    }

    private static List<Sample> read() {
        try (InputStream in = Objects.requireNonNull(SampleRows.class.getResourceAsStream(RESOURCE), RESOURCE);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return List.of(new Gson().fromJson(reader, Sample[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /**
     * A text, or several that make a longer one.
     *
     * @param text null if it is made of others
     * @param of numbers of the others
     */
    private record Sample(
            List<String> labels,
            @Nullable String text,
            @Nullable List<Integer> of) {
        String fullText(List<Sample> samples) {
            if (of == null) {
                return String.valueOf(text);
            }
            return of.stream()
                    .map(other -> samples.get(other).fullText(samples))
                    .collect(Collectors.joining(" "));
        }
    }
}
