package io.nuner.model.hub;

import java.nio.file.Path;

/**
 * A file to fetch. Immutable.
 *
 * @param name what it is called in the checkpoint, which may differ from its name in the repository
 */
record WantedFile(HubFile file, Content content, String name) {
    /** A file that keeps its name. */
    static WantedFile of(HubFile file, Content content) {
        return new WantedFile(file, content, file.name());
    }

    Path in(Path directory) {
        return directory.resolve(name);
    }
}
