package io.nuner.model.hub;

import io.nuner.files.ProcessLock;
import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Fetches a model: all its files from one commit, into a directory that appears when it is complete. The next fetch of the
 * same commit continues an interrupted one. One thread at a time; several processes may share a cache.
 */
public final class ModelFetch {
    private final HubClient hub;
    private final Retries retries;
    private final FetchedModels models;
    private final Disk disk;
    private final FetchListener listener;

    /**
     * Nothing is asked for before {@link #fetch}.
     *
     * @param models where checkpoints are kept
     */
    public ModelFetch(HubClient hub, Retries retries, FetchedModels models, Disk disk, FetchListener listener) {
        this.hub = hub;
        this.retries = retries;
        this.models = models;
        this.disk = disk;
        this.listener = listener;
    }

    /**
     * The directory of the checkpoint, fetched now unless it is there. A commit that is there needs no hub at all; a branch
     * or tag is looked up.
     *
     * @param exportFollows true to require disk space for the export, too
     * @throws HubException if hub, network or disk do not allow it
     * @throws ModelException if the repository holds no checkpoint that we can use
     */
    public Path fetch(RepositoryId repository, Revision revision, boolean exportFollows)
            throws HubException, ModelException, InterruptedException {
        if (revision.isCommit() && Files.isDirectory(models.directory(repository, revision.name()))) {
            return present(repository, revision.name());
        }
        Listing listing = retries.call(() -> hub.listing(repository, revision));
        if (!Files.isDirectory(models.directory(repository, listing.commit()))) {
            fetch(listing, exportFollows);
        }
        return present(repository, listing.commit());
    }

    private void fetch(Listing listing, boolean exportFollows)
            throws HubException, ModelException, InterruptedException {
        Path directory = models.directory(listing.repository(), listing.commit());
        Path unfinished = models.unfinished(listing.repository(), listing.commit());
        try {
            Files.createDirectories(models.ownerDirectory(listing.repository()));
            Path file = models.lock(listing.repository(), listing.commit());
            Runnable waiting =
                    () -> listener.note("another process is fetching this model; waiting for it (" + file + ")");
            try (ProcessLock lock = ProcessLock.take(file, waiting)) {
                if (lock.isHeld() && !Files.isDirectory(directory)) {
                    Files.createDirectories(unfinished);
                    new CheckpointDownload(hub, retries, disk, listener).fill(unfinished, listing, exportFollows);
                    Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            throw Disk.problem(e, directory);
        }
    }

    private Path present(RepositoryId repository, String commit) throws HubException {
        Path directory = models.directory(repository, commit);
        try {
            models.setLatest(repository, commit);
        } catch (IOException e) {
            throw Disk.problem(e, directory);
        }
        return directory;
    }
}
