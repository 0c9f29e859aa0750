package io.nuner.gputest.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the reference's graph, its typed copy and its plan lie: gigabytes that are deleted when closed, and before a new run. Only what
 * the compiler measured of kernels stays. One thread at a time.
 */
final class ReferenceFiles implements AutoCloseable {
    private final Path directory;

    private ReferenceFiles(Path directory) {
        this.directory = directory;
    }

    static ReferenceFiles in(Path work) throws IOException {
        ReferenceFiles files = new ReferenceFiles(work.resolve("reference"));
        Files.createDirectories(files.typed());
        files.close();
        return files;
    }

    Path exported() {
        return directory;
    }

    Path typed() {
        return directory.resolve("typed");
    }

    Path timingCache() {
        return directory.resolve("kernels.timings");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> old = found.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(timingCache()))
                    .toList();
            for (Path file : old) {
                Files.delete(file);
            }
        }
    }
}
