package io.nuner.model.hub;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.hub.Download.WantedFile;
import io.nuner.model.hub.Listing.HubFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files that a model's repository lacks in its encoder's: the tokenizer, the description of the encoder, or both,
 * of one commit. One thread at a time.
 */
final class EncoderFiles {
    /** The file inside a checkpoint that says from which commits its files come. */
    static final String SOURCES = "fetched.json";

    private final HubContents hub;
    private final FetchListener listener;

    EncoderFiles(HubContents hub, FetchListener listener) {
        this.hub = hub;
        this.listener = listener;
    }

    /**
     * Looks up the missing files.
     *
     * @param encoder the model's name for its encoder
     * @param described true if the model's own files describe the encoder
     * @throws ModelException if the model has no tokenizer, and the encoder no repository or none either
     */
    Found find(Listing model, String encoder, boolean described)
            throws HubException, ModelException, InterruptedException {
        boolean withTokenizer = CheckpointFiles.tokenizer(model).isEmpty();
        boolean withConfig = !described && !EncoderConfig.isKnown(encoder);
        if (!withTokenizer && !withConfig) {
            return new Found(Optional.empty(), List.of());
        }
        String missing = withTokenizer ? "tokenizer" : "description of its encoder";
        RepositoryId repository = repository(model, encoder, missing);
        listener.note(model.repository() + " has no " + missing + "; taking that of its encoder, " + repository);
        Listing source = hub.listing(repository, new Revision(Revision.DEFAULT));
        List<WantedFile> files = new ArrayList<>();
        Optional<HubFile> config = described ? Optional.empty() : source.file(EncoderConfig.GENERAL_FILE);
        if (config.isPresent()) {
            files.add(new WantedFile(config.get(), hub.configContent(source, config.get()), EncoderConfig.FILE));
        }
        if (withTokenizer) {
            HubFile tokenizer = CheckpointFiles.tokenizer(source)
                    .orElseThrow(() -> new ModelException(source + " has neither tokenizer.json nor spm.model"));
            files.add(WantedFile.of(tokenizer, hub.content(source, tokenizer)));
        }
        listener.note(names(files) + " of " + source);
        return new Found(Optional.of(source), files);
    }

    private static String names(List<WantedFile> files) {
        return files.isEmpty()
                ? "nothing"
                : String.join(
                        " and ", files.stream().map(file -> file.file().name()).toList());
    }

    private static RepositoryId repository(Listing model, String encoder, String missing) throws ModelException {
        try {
            return RepositoryId.parse(encoder);
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    model + " has no " + missing + ", and the model_name of its " + GlinerConfig.FILE + ", " + encoder
                            + ", is no repository to take one from",
                    e);
        }
    }

    /**
     * What the encoder's repository gives. Immutable.
     *
     * @param source the listing that the files are of; empty if nothing is missing
     */
    record Found(Optional<Listing> source, List<WantedFile> files) {
        private static final Gson JSON =
                new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

        Found {
            files = List.copyOf(files);
        }

        /** Writes beside the checkpoint from which commits its files come. */
        void writeSources(Listing model, Path directory) throws IOException {
            JsonObject sources = new JsonObject();
            sources.add("model", json(model));
            if (source.isPresent()) {
                JsonObject encoder = json(source.get());
                List<String> names = files.stream().map(WantedFile::name).toList();
                encoder.add("files", JSON.toJsonTree(names));
                sources.add("encoder", encoder);
            }
            Files.writeString(directory.resolve(SOURCES), JSON.toJson(sources) + "\n");
        }

        private static JsonObject json(Listing listing) {
            JsonObject source = new JsonObject();
            source.addProperty("repository", listing.repository().toString());
            source.addProperty("commit", listing.commit());
            return source;
        }
    }
}
