package io.nuner.model.hub;

import io.nuner.files.ByteCount;
import io.nuner.model.ModelException;
import io.nuner.model.Placeholder;
import io.nuner.model.export.checkpoint.ShardIndex;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.hub.Download.WantedFile;
import io.nuner.model.hub.Listing.Content;
import io.nuner.model.hub.Listing.HubFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fills a directory with the files of one checkpoint. Small files come first, so that a model that cannot be used is
 * refused before its weights are fetched. One thread at a time.
 */
final class CheckpointDownload {
    private final HubContents hub;
    private final Disk disk;
    private final Download download;
    private final EncoderFiles encoderFiles;
    private final Set<String> kept = new HashSet<>();

    CheckpointDownload(HubClient hub, Retries retries, Disk disk, FetchListener listener) {
        this.hub = new HubContents(hub, retries);
        this.disk = disk;
        this.download = new Download(hub, retries, disk, listener);
        this.encoderFiles = new EncoderFiles(this.hub, listener);
    }

    /**
     * Fetches what is missing.
     *
     * @param exportFollows true to require disk space for the export, too
     * @throws ModelException if these files make no checkpoint that we can use
     */
    void fill(Path directory, Listing model, boolean exportFollows)
            throws HubException, ModelException, IOException, InterruptedException {
        HubFile weightsOrIndex = CheckpointFiles.weights(model);
        fetchConfig(model, CheckpointFiles.config(model), directory);
        String encoder = GlinerConfig.read(directory).modelName();
        fetchEncoderConfig(model, directory);
        EncoderFiles.Found found = encoderFiles.find(model, encoder, EncoderConfig.isDescribedIn(directory));
        List<WantedFile> small = new ArrayList<>(found.files());
        Optional<HubFile> tokenizer = CheckpointFiles.tokenizer(model);
        if (tokenizer.isPresent()) {
            small.add(WantedFile.of(tokenizer.get(), hub.content(model, tokenizer.get())));
        }
        List<WantedFile> weights = weights(model, weightsOrIndex, directory);
        requireSpace(directory, small, weights, exportFollows);
        fetch(small, directory);
        EncoderConfig.read(directory, encoder); // refuses one that we cannot run
        fetch(weights, directory);
        found.writeSources(model, directory);
        kept.add(EncoderFiles.SOURCES);
        deleteOthers(directory);
    }

    /** Fetches the model's own, and deletes one that an interrupted fetch took from elsewhere. */
    private void fetchEncoderConfig(Listing model, Path directory)
            throws HubException, ModelException, IOException, InterruptedException {
        Optional<HubFile> own = CheckpointFiles.encoderConfig(model);
        for (String name : CheckpointFiles.ENCODER_CONFIGS) {
            if (!own.map(HubFile::name).equals(Optional.of(name))) {
                Files.deleteIfExists(directory.resolve(name));
            }
        }
        if (own.isPresent()) {
            fetchConfig(model, own.get(), directory);
        }
    }

    private void fetchConfig(Listing model, HubFile config, Path directory)
            throws HubException, ModelException, InterruptedException {
        fetch(List.of(WantedFile.of(config, hub.configContent(model, config))), directory);
    }

    /** The one weights file, or the shards of the index, which is fetched first. */
    private List<WantedFile> weights(Listing model, HubFile weightsOrIndex, Path directory)
            throws HubException, ModelException, InterruptedException {
        List<HubFile> files = List.of(weightsOrIndex);
        if (weightsOrIndex.name().equals(ShardIndex.FILE)) {
            Content content = hub.content(model, weightsOrIndex, ShardIndex.MAX_BYTES);
            fetch(List.of(WantedFile.of(weightsOrIndex, content)), directory);
            files = CheckpointFiles.shards(model, ShardIndex.read(directory));
        }
        List<WantedFile> weights = new ArrayList<>();
        for (HubFile file : files) {
            weights.add(WantedFile.of(file, hub.content(model, file)));
        }
        return weights;
    }

    private void fetch(List<WantedFile> files, Path directory)
            throws HubException, ModelException, InterruptedException {
        for (WantedFile file : files) {
            download.fetch(file, directory);
            kept.add(file.name());
            Optional<String> placeholder = Placeholder.in(file.in(directory));
            if (placeholder.isPresent()) {
                throw new ModelException(file.file() + " " + placeholder.get());
            }
        }
    }

    private void requireSpace(Path directory, List<WantedFile> small, List<WantedFile> weights, boolean exportFollows)
            throws HubException, IOException {
        long missing = 0;
        for (WantedFile file : Stream.concat(small.stream(), weights.stream()).toList()) {
            long present = PartFile.presentBytes(file.in(directory));
            missing += Math.max(0, file.content().size() - present);
        }
        long forExport = exportFollows
                ? weights.stream().mapToLong(file -> file.content().size()).sum()
                : 0;
        long free = disk.usableBytes(directory);
        if (missing + forExport > free) {
            throw new HubException("not enough space in " + directory + " (--cache): " + ByteCount.of(missing)
                    + " to fetch" + (forExport > 0 ? " and at least " + ByteCount.of(forExport) + " to export" : "")
                    + " are needed, " + ByteCount.of(free) + " are free");
        }
    }

    /** Deletes files that an interrupted fetch by another version, or of another commit of the encoder, left. */
    private void deleteOthers(Path directory) throws IOException {
        List<Path> others;
        try (Stream<Path> entries = Files.list(directory)) {
            others = entries.filter(entry -> !kept.contains(String.valueOf(entry.getFileName())))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }
}
