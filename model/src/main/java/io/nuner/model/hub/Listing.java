package io.nuner.model.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of one commit. Immutable.
 *
 * @param commit 40 hexadecimal digits
 * @param contents by name of file; empty where the hub lists no checksum
 */
record Listing(RepositoryId repository, String commit, Map<String, Optional<Content>> contents) {
    Listing {
        contents = Map.copyOf(contents);
    }

    /** Reads a hub's description of a revision; empty if the text is none. */
    static Optional<Listing> parse(RepositoryId repository, String json) {
        try {
            JsonObject model = JsonParser.parseString(json).getAsJsonObject();
            String commit = model.get("sha").getAsString();
            return Revision.isCommit(commit)
                    ? Optional.of(new Listing(repository, commit, contents(model)))
                    : Optional.empty();
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException
                | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Optional<Content>> contents(JsonObject model) {
        Map<String, Optional<Content>> contents = new HashMap<>();
        for (JsonElement sibling : model.getAsJsonArray("siblings")) {
            JsonObject file = sibling.getAsJsonObject();
            contents.put(file.get("rfilename").getAsString(), content(file));
        }
        return contents;
    }

    /** The git id of a large file is its pointer's, so its SHA-256 is taken. */
    private static Optional<Content> content(JsonObject file) {
        boolean large = file.has("lfs") && file.get("lfs").isJsonObject();
        Optional<String> sum = large ? text(file.getAsJsonObject("lfs"), "sha256") : text(file, "blobId");
        Optional<Long> size = number(file, "size");
        return sum.flatMap(Checksum::parse)
                .flatMap(checksum -> size.filter(bytes -> bytes >= 0).map(bytes -> new Content(bytes, checksum)));
    }

    private static Optional<String> text(JsonObject object, String key) {
        return Optional.ofNullable(object.get(key))
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString);
    }

    private static Optional<Long> number(JsonObject object, String key) {
        return Optional.ofNullable(object.get(key))
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsLong);
    }

    /** The file of that name, if the commit has it. */
    Optional<HubFile> file(String name) {
        return contents.containsKey(name) ? Optional.of(new HubFile(repository, commit, name)) : Optional.empty();
    }

    /** Size and checksum of the file, if the hub listed them. */
    Optional<Content> content(HubFile file) {
        return contents.getOrDefault(file.name(), Optional.empty());
    }

    @Override
    public String toString() {
        return repository + " at " + commit;
    }

    /**
     * A file of one commit. Immutable.
     *
     * @param commit 40 hexadecimal digits
     * @param name one of our own constants, or a shard's name that was checked: it becomes a path
     */
    record HubFile(RepositoryId repository, String commit, String name) {
        @Override
        public String toString() {
            return name + " of " + repository;
        }
    }

    /**
     * Size and checksum of a file's bytes. Immutable.
     *
     * @param size in bytes
     */
    record Content(long size, Checksum checksum) {}
}
