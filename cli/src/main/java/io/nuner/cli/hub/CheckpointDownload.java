package io.nuner.cli.hub;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.EncoderConfig;
import io.nuner.model.export.checkpoint.GlinerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fills a directory with the files of one checkpoint. Small files come first, so that a model that cannot be used is
 * refused before its weights are fetched. One thread at a time.
 */
final class CheckpointDownload {
    private static final long MAX_CONFIG_BYTES = 1 << 20;

    private final HubClient hub;
    private final Retries retries;
    private final Disk disk;
    private final FetchListener listener;
    private final Download download;

    CheckpointDownload(HubClient hub, Retries retries, Disk disk, FetchListener listener) {
        this.hub = hub;
        this.retries = retries;
        this.disk = disk;
        this.listener = listener;
        this.download = new Download(hub, retries, disk, listener);
    }

    /**
     * Fetches what is missing.
     *
     * @param exportFollows true if room for the export must be left
     * @throws ModelException if these files make no checkpoint that we can use
     */
    void fill(Path directory, Listing model, boolean exportFollows)
            throws HubException, ModelException, IOException, InterruptedException {
        HubFile config = CheckpointFiles.config(model);
        HubFile weights = CheckpointFiles.weights(model);
        fetchConfig(config, content(model, config), directory);
        String encoder = GlinerConfig.read(directory).modelName();
        Map<HubFile, Content> small = smallFiles(model, encoder);
        Content weightsContent = content(model, weights);
        Map<HubFile, Content> all = new LinkedHashMap<>(small);
        all.put(weights, weightsContent);
        requireSpace(directory, all, exportFollows ? weightsContent.size() : 0);
        for (Map.Entry<HubFile, Content> file : small.entrySet()) {
            download.fetch(file.getKey(), file.getValue(), directory);
        }
        EncoderConfig.read(directory, encoder); // refuses one that we cannot run
        download.fetch(weights, weightsContent, directory);
        deleteOthers(
                directory,
                Stream.concat(Stream.of(config), all.keySet().stream())
                        .map(HubFile::name)
                        .toList());
    }

    private void fetchConfig(HubFile config, Content content, Path directory)
            throws HubException, ModelException, InterruptedException {
        if (content.size() > MAX_CONFIG_BYTES) {
            throw new ModelException(config + " is larger than " + MAX_CONFIG_BYTES + " bytes");
        }
        download.fetch(config, content, directory);
    }

    private Map<HubFile, Content> smallFiles(Listing model, String encoder)
            throws HubException, ModelException, InterruptedException {
        Map<HubFile, Content> files = new LinkedHashMap<>();
        Optional<HubFile> encoderConfig = CheckpointFiles.encoderConfig(model);
        if (encoderConfig.isPresent()) {
            files.put(encoderConfig.get(), content(model, encoderConfig.get()));
        }
        Listing source = tokenizerSource(model, encoder);
        HubFile tokenizer = CheckpointFiles.tokenizer(source)
                .orElseThrow(() -> new ModelException(source + " has neither tokenizer.json nor spm.model"));
        files.put(tokenizer, content(source, tokenizer));
        return files;
    }

    /** The model itself, or else its encoder. */
    private Listing tokenizerSource(Listing model, String encoder)
            throws HubException, ModelException, InterruptedException {
        return CheckpointFiles.tokenizer(model).isPresent() ? model : encoderListing(model, encoder);
    }

    private Listing encoderListing(Listing model, String encoder)
            throws HubException, ModelException, InterruptedException {
        RepositoryId repository = encoderRepository(model, encoder);
        listener.note(model.repository() + " has no tokenizer; taking that of its encoder, " + repository);
        Listing listing = retries.call(() -> hub.listing(repository, new Revision(Revision.DEFAULT)));
        listener.note("tokenizer of " + listing);
        return listing;
    }

    private static RepositoryId encoderRepository(Listing model, String encoder) throws ModelException {
        try {
            return RepositoryId.parse(encoder);
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    model + " has no tokenizer, and the model_name of its " + GlinerConfig.FILE + ", " + encoder
                            + ", is no repository to take one from",
                    e);
        }
    }

    private Content content(Listing listing, HubFile file) throws HubException, InterruptedException {
        Optional<Content> listed = listing.content(file);
        return listed.isPresent() ? listed.get() : retries.call(() -> hub.content(file));
    }

    private void requireSpace(Path directory, Map<HubFile, Content> files, long forExport)
            throws HubException, IOException {
        long missing = 0;
        for (Map.Entry<HubFile, Content> file : files.entrySet()) {
            long present = PartFile.presentBytes(directory.resolve(file.getKey().name()));
            missing += Math.max(0, file.getValue().size() - present);
        }
        long free = disk.usableBytes(directory);
        if (missing + forExport > free) {
            throw new HubException("not enough space in " + directory + " (--cache): " + ByteCount.of(missing)
                    + " to fetch" + (forExport > 0 ? " and at least " + ByteCount.of(forExport) + " to export" : "")
                    + " are needed, " + ByteCount.of(free) + " are free");
        }
    }

    /** What an interrupted fetch by another version may have left. */
    private static void deleteOthers(Path directory, List<String> names) throws IOException {
        List<Path> others;
        try (Stream<Path> entries = Files.list(directory)) {
            others = entries.filter(entry -> !names.contains(String.valueOf(entry.getFileName())))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }
}
