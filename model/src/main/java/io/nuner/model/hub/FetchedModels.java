package io.nuner.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where fetched checkpoints lie: {@code hub/OWNER/NAME@COMMIT} below the cache. A directory of that form is complete and
 * never changes. Any thread.
 */
public final class FetchedModels {
    private final Path root;

    /** Those below a cache, which need not exist yet. */
    public FetchedModels(Path cache) {
        this.root = cache.resolve("hub");
    }

    /** The path itself if it exists, else the directory that a model of that name was last fetched to, else the path. */
    public Path locate(Path model) {
        return Files.exists(model) ? model : find(model.toString()).orElse(model);
    }

    /** The directory that a model was last fetched to; empty for anything but {@code owner/name}. */
    Optional<Path> find(String model) {
        try {
            RepositoryId repository = RepositoryId.parse(model);
            String commit = Files.readString(latest(repository));
            return Revision.isCommit(commit)
                    ? Optional.of(directory(repository, commit)).filter(Files::isDirectory)
                    : Optional.empty();
        } catch (IllegalArgumentException | IOException e) {
            return Optional.empty();
        }
    }

    /** The directory of all paths below. */
    Path ownerDirectory(RepositoryId repository) {
        return root.resolve(repository.owner());
    }

    /** The directory of a complete checkpoint. */
    Path directory(RepositoryId repository, String commit) {
        return beside(repository, commit);
    }

    /** The directory of a checkpoint that is not complete; a killed fetch leaves it behind. */
    Path unfinished(RepositoryId repository, String commit) {
        return beside(repository, commit + ".part");
    }

    /** The file that the fetching process holds locked. */
    Path lock(RepositoryId repository, String commit) {
        return beside(repository, commit + ".lock");
    }

    /** Records the commit for {@link #find}. */
    void setLatest(RepositoryId repository, String commit) throws IOException {
        Files.writeString(latest(repository), commit);
    }

    private Path latest(RepositoryId repository) {
        return beside(repository, "latest");
    }

    /** Paths differ from every repository's name, which cannot hold an @. */
    private Path beside(RepositoryId repository, String suffix) {
        return ownerDirectory(repository).resolve(repository.name() + "@" + suffix);
    }
}
