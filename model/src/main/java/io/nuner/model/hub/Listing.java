package io.nuner.model.hub;

import java.util.Map;
import java.util.Optional;

/**
 * The files of one commit. Immutable.
 *
 * @param commit 40 hexadecimal digits
 * @param contents by name; empty where the hub does not say what a file holds
 */
record Listing(RepositoryId repository, String commit, Map<String, Optional<Content>> contents) {
    Listing {
        contents = Map.copyOf(contents);
    }

    /** The file of that name, if the commit has it. */
    Optional<HubFile> file(String name) {
        return contents.containsKey(name) ? Optional.of(new HubFile(repository, commit, name)) : Optional.empty();
    }

    /** What the file holds, if the hub said it. */
    Optional<Content> content(HubFile file) {
        return contents.getOrDefault(file.name(), Optional.empty());
    }

    @Override
    public String toString() {
        return repository + " at " + commit;
    }
}
