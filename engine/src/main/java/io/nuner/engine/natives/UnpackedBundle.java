package io.nuner.engine.natives;

import io.nuner.files.FileTree;
import io.nuner.files.Ownership;
import io.nuner.files.Ownership.Trusted;
import io.nuner.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of a bundle in a directory. */
final class UnpackedBundle {
    private static final Set<PosixFilePermission> READ_BY_ALL = PosixFilePermissions.fromString("r-xr-xr-x");
    private static final Set<PosixFilePermission> ENTERED_BY_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    private UnpackedBundle() {}

    /**
     * Refuses a directory that others may change, that lacks a file of the bundle, has another content under a name, or holds
     * anything else: the linker looks beside a library for those that it needs.
     */
    static void verify(Path directory, LibraryBundle bundle) throws NativeLibraryException, IOException {
        requireTrusted(directory);
        Set<String> names =
                bundle.files().stream().map(LibraryBundle.NativeFile::name).collect(Collectors.toSet());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                requireListed(entry, names);
            }
        }
        for (LibraryBundle.NativeFile file : bundle.files()) {
            verify(directory.resolve(file.name()), file);
        }
    }

    /** Refuses a directory that is missing, or that others may change. */
    static void requireTrusted(Path directory) throws NativeLibraryException, IOException {
        requireTrusted(directory, Ownership::problemOfDirectory);
    }

    private static void requireTrusted(Path path, Check check) throws NativeLibraryException, IOException {
        try {
            Optional<String> problem = check.problem(path, Trusted.THIS_USER_AND_ROOT);
            if (problem.isPresent()) {
                throw NativeLibraryException.notTrusted(path, problem.get());
            }
        } catch (NoSuchFileException e) {
            throw new NativeLibraryException(path + " is missing", e);
        }
    }

    private static void requireListed(Path entry, Set<String> names) throws NativeLibraryException {
        if (!names.contains(String.valueOf(entry.getFileName()))) {
            throw new NativeLibraryException(
                    entry + " does not belong there: native code is not loaded from beside it");
        }
    }

    private static void verify(Path path, LibraryBundle.NativeFile file) throws NativeLibraryException, IOException {
        requireTrusted(path, Ownership::problemOfFile);
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!new Sha256().copy(in, OutputStream.nullOutputStream()).hex().equals(file.sha256())) {
                throw new NativeLibraryException(path + " is damaged or belongs to another version");
            }
        }
    }

    /** Writes the files into an empty directory, which the caller deletes if this fails. */
    static void write(Path directory, LibraryBundle bundle, Set<PosixFilePermission> permissions)
            throws NativeLibraryException, IOException {
        for (LibraryBundle.NativeFile file : bundle.files()) {
            Path path = directory.resolve(file.name());
            try (InputStream in = bundle.open(file);
                    OutputStream out =
                            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                requireExpected(new Sha256().copy(in, out).hex(), file);
            }
            Files.setPosixFilePermissions(path, permissions);
        }
    }

    private static void requireExpected(String sha256, LibraryBundle.NativeFile file) throws NativeLibraryException {
        if (!sha256.equals(file.sha256())) {
            throw new NativeLibraryException(
                    "the class path has another version of " + file.name() + " than this program was made for");
        }
    }

    /** Writes a bundle for other users to read, anew if it is there. */
    static Path writeForAll(Path parent, LibraryBundle bundle) throws NativeLibraryException, IOException {
        Path directory = parent.resolve(bundle.directoryName());
        FileTree.delete(directory);
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(parent, ENTERED_BY_ALL);
        Files.setPosixFilePermissions(directory, ENTERED_BY_ALL);
        write(directory, bundle, READ_BY_ALL);
        return directory;
    }

    /** What is wrong with a path; empty if it can be trusted. */
    @FunctionalInterface
    private interface Check {
        Optional<String> problem(Path path, Trusted owners) throws IOException;
    }
}
