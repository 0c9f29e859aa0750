package io.nuner.model.hub;

import io.nuner.model.Placeholder;
import io.nuner.model.hub.Listing.Content;
import io.nuner.model.hub.Listing.HubFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches single files: continues a partial one, retries after failures, and gives a file its name only when its bytes are
 * verified. One thread at a time.
 */
final class Download {
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;

    private final HubClient hub;
    private final Retries retries;
    private final Disk disk;
    private final FetchListener listener;

    Download(HubClient hub, Retries retries, Disk disk, FetchListener listener) {
        this.hub = hub;
        this.retries = retries;
        this.disk = disk;
        this.listener = listener;
    }

    /** Fetches a file, unless the directory has it; a present file is verified, since it may be of another commit. */
    void fetch(WantedFile wanted, Path directory) throws HubException, InterruptedException {
        Path target = wanted.in(directory);
        Content content = wanted.content();
        PartFile part = new PartFile(target);
        try {
            if (!isThere(target, content)) {
                listener.started(wanted.name(), part.size(), content.size());
                fetchVerified(wanted.file(), content, part);
                listener.finished();
            }
        } catch (IOException e) {
            throw disk.problem(e, directory, missing(content, part));
        }
    }

    private static boolean isThere(Path target, Content content) throws IOException {
        return Files.exists(target)
                && Files.size(target) == content.size()
                && content.checksum().matches(target);
    }

    private static long missing(Content content, PartFile part) {
        try {
            return content.size() - part.size();
        } catch (IOException e) {
            return content.size();
        }
    }

    private void fetchVerified(HubFile file, Content content, PartFile part)
            throws HubException, IOException, InterruptedException {
        if (!arrivesIntact(file, content, part)) {
            listener.note(file + " has a wrong checksum; fetching it again");
            part.clear();
            if (!arrivesIntact(file, content, part)) {
                String what = Placeholder.in(part.path())
                        .map(words -> "; what came " + words)
                        .orElse("");
                part.clear();
                throw new HubException(file + " arrived twice with another checksum than the hub announces" + what);
            }
        }
        part.publish();
    }

    private boolean arrivesIntact(HubFile file, Content content, PartFile part)
            throws HubException, IOException, InterruptedException {
        complete(file, content, part);
        return content.checksum().matches(part.path());
    }

    private void complete(HubFile file, Content content, PartFile part)
            throws HubException, IOException, InterruptedException {
        if (part.size() == 0 || part.size() > content.size()) {
            part.begin(Optional.empty());
        }
        Retries.Streak streak = retries.streak(part.size());
        while (part.size() < content.size()) {
            try (HubResponse response = hub.open(file, part.size(), part.tag())) {
                prepare(part, response, content);
                append(part, response, content);
            } catch (HubException.Passing e) {
                streak.failed(e, part.size());
            }
        }
    }

    /** Starts the part over if the response does not continue it; refuses a response of another size. */
    private static void prepare(PartFile part, HubResponse response, Content content)
            throws HubException.Passing, IOException {
        if (response.header("Content-Type").orElse("").startsWith("text/html")) {
            throw new HubException.Passing(
                    response.host() + " sends an HTML page instead of the file; is there a login in between?",
                    Duration.ZERO);
        }
        boolean continues = response.status() == PARTIAL;
        if (response.status() == UNSATISFIABLE || (continues && !fits(part, response))) {
            part.clear();
            throw new HubException.Passing(
                    response.host() + " cannot continue what was begun; starting over", Duration.ZERO);
        }
        if (!continues) {
            part.begin(response.strongTag());
        }
        OptionalLong length = response.number("Content-Length");
        if (length.isPresent() && part.size() + length.getAsLong() != content.size()) {
            throw new HubException.Passing(
                    response.host() + " announces another size than " + content.size() + " bytes", Duration.ZERO);
        }
    }

    /** True if the response continues the part, of the same version of the file. */
    private static boolean fits(PartFile part, HubResponse response) throws IOException {
        Optional<String> before = part.tag();
        Optional<String> now = response.strongTag();
        boolean sameFile = before.isEmpty() || now.isEmpty() || before.equals(now);
        String range = response.header("Content-Range").orElse("");
        return sameFile && range.startsWith("bytes " + part.size() + "-");
    }

    private void append(PartFile part, HubResponse response, Content content)
            throws HubException, IOException, InterruptedException {
        long present = part.size();
        listener.reached(present);
        try (FileChannel file = part.append()) {
            for (Optional<ByteBuffer> piece = response.next(); piece.isPresent(); piece = response.next()) {
                present += piece.get().remaining();
                requireNotTooLong(present, content, response);
                disk.write(file, piece.get());
                listener.reached(present);
            }
        }
        if (present < content.size()) {
            throw new HubException.Passing(response.host() + " ended the file too early", Duration.ZERO);
        }
    }

    private static void requireNotTooLong(long present, Content content, HubResponse response)
            throws HubException.Passing {
        if (present > content.size()) {
            throw new HubException.Passing(
                    response.host() + " sends more than the announced " + content.size() + " bytes", Duration.ZERO);
        }
    }

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
}
