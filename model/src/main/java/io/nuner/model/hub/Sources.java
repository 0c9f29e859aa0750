package io.nuner.model.hub;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Remembers beside a fetched checkpoint which commits its files are of. Immutable. */
final class Sources {
    /** The file inside the checkpoint. */
    static final String FILE = "fetched.json";

    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Listing model;
    private final Optional<Listing> encoder;
    private final List<String> encoderFiles;

    /**
     * What was fetched from where.
     *
     * @param encoder the encoder's repository, if anything came from it
     * @param encoderFiles what did, by the names in the checkpoint
     */
    Sources(Listing model, Optional<Listing> encoder, List<String> encoderFiles) {
        this.model = model;
        this.encoder = encoder;
        this.encoderFiles = List.copyOf(encoderFiles);
    }

    void writeTo(Path directory) throws IOException {
        JsonObject sources = new JsonObject();
        sources.add("model", json(model));
        if (encoder.isPresent()) {
            JsonObject from = json(encoder.get());
            from.add("files", JSON.toJsonTree(encoderFiles));
            sources.add("encoder", from);
        }
        Files.writeString(directory.resolve(FILE), JSON.toJson(sources) + "\n");
    }

    private static JsonObject json(Listing listing) {
        JsonObject source = new JsonObject();
        source.addProperty("repository", listing.repository().toString());
        source.addProperty("commit", listing.commit());
        return source;
    }
}
