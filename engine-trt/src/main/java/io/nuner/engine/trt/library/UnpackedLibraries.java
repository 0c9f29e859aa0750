package io.nuner.engine.trt.library;

import io.nuner.files.CacheDirectory;
import io.nuner.files.FileProblem;
import io.nuner.files.Ownership;
import io.nuner.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Libraries from jars of the class path, unpacked into a directory that nobody else may write to. Any thread; several
 * processes may unpack at the same time.
 *
 * <p>Not a {@code LibraryBundle}: these files come from NVIDIA's jars, which the operator may add, so no sums of them were written
 * down. A file is right if it equals the one in the jar.
 */
public final class UnpackedLibraries {
    private static final String PART = ".part";

    /** Longer than any process takes to unpack. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;

    /** Unpacks into this directory, which need not exist. */
    public UnpackedLibraries(Path directory) {
        this.directory = directory;
    }

    /** Unpacks into this process's cache. */
    public static UnpackedLibraries inCache(String version) {
        Path cache = CacheDirectory.ofThisProcess().orElse(Path.of("/nonexistent"));
        return new UnpackedLibraries(cache.resolve("native").resolve("tensorrt-" + version));
    }

    /** Unpacks a resource unless that was done before; empty if no jar has it. */
    public Optional<Path> unpack(String resource) throws LibraryException {
        URL source = UnpackedLibraries.class.getResource(resource);
        if (source == null) {
            return Optional.empty();
        }
        Path target = directory.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try {
            prepare();
            if (!isUnpacked(source, target)) {
                write(source, target);
            }
            return Optional.of(target);
        } catch (IOException e) {
            throw new LibraryException(
                    "cannot unpack " + target + ": " + FileProblem.reasonOfWritingBelow(e)
                            + "; --cache or NUNER_CACHE names another place",
                    e);
        }
    }

    private void prepare() throws IOException {
        Optional<String> problem = Ownership.makePrivate(directory);
        if (problem.isPresent()) {
            throw new IOException(directory + " " + problem.get());
        }
    }

    private static boolean isUnpacked(URL source, Path target) throws IOException {
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) || size(source) != Files.size(target)) {
            return false;
        }
        try (InputStream expected = source.openStream();
                InputStream actual = Files.newInputStream(target)) {
            return digest(expected).equals(digest(actual));
        }
    }

    private static long size(URL source) throws IOException {
        URLConnection connection = source.openConnection();
        long bytes = connection.getContentLengthLong();
        connection.getInputStream().close();
        return bytes;
    }

    private static String digest(InputStream in) throws IOException {
        return new Sha256().copy(in, OutputStream.nullOutputStream()).hex();
    }

    private void write(URL source, Path target) throws IOException {
        deleteAbandoned();
        Path part = Files.createTempFile(directory, String.valueOf(target.getFileName()), PART);
        try (InputStream in = source.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            // A process that has mapped the old file keeps it.
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** What processes left that were killed while they unpacked: up to 700 MB each. */
    private void deleteAbandoned() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(ABANDONED));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + PART)) {
            for (Path part : parts) {
                deleteIfOlder(part, old);
            }
        }
    }

    private static void deleteIfOlder(Path part, FileTime old) throws IOException {
        try {
            if (Files.getLastModifiedTime(part).compareTo(old) < 0) {
                Files.deleteIfExists(part);
            }
        } catch (NoSuchFileException e) {
            // Another process has finished it.
        }
    }
}
