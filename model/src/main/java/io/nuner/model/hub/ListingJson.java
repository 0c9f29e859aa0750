package io.nuner.model.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the hub's description of a revision. */
final class ListingJson {
    private ListingJson() {}

    /** Empty if the text is no such description. */
    static Optional<Listing> read(RepositoryId repository, String json) {
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

    /** A large file's pointer has a git id too, which is not the one of the file. */
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
}
