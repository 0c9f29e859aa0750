package io.nuner.engine.natives;

import io.nuner.files.FileTree;
import io.nuner.files.Ownership;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A directory of this user alone that holds unpacked bundles. Any thread; several processes may share it.
 *
 * <p>One process unpacks while the others wait, where the file system has locks; a bundle appears under its name in one step.
 * Whoever unpacks deletes what killed processes left and the bundle's other contents that no process uses.
 */
final class PrivateDirectory {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("r-x------");
    private static final String PART = ".part-";
    private static final String LOCK = ".lock";
    private static final Object ONE_IN_THIS_PROCESS = new Object();

    private final Path directory;

    PrivateDirectory(Path directory) {
        this.directory = directory;
    }

    /** The bundle's directory; unpacked now if it is not there or not as it should be. */
    Path verified(LibraryBundle bundle) throws NativeLibraryException, IOException {
        Path place = directory.resolve(bundle.directoryName());
        prepare();
        if (isGood(place, bundle)) {
            return place;
        }
        synchronized (ONE_IN_THIS_PROCESS) { // a lock on a file is of a process, not of a thread
            try (UseLock lock = UseLock.exclusive(directory.resolve("unpack" + LOCK))) {
                unpack(place, bundle, lock.isHeld());
            }
        }
        UnpackedBundle.verify(place, bundle);
        return place;
    }

    private void prepare() throws NativeLibraryException, IOException {
        Optional<String> problem = Ownership.makePrivate(directory);
        if (problem.isPresent()) {
            throw NativeLibraryException.notTrusted(directory, problem.get());
        }
    }

    /** Marks it as used first, so that nobody deletes it between this look and the loading. */
    private boolean isGood(Path place, LibraryBundle bundle) throws IOException {
        UseLock.hold(lockOf(place));
        try {
            UnpackedBundle.verify(place, bundle);
            return true;
        } catch (NativeLibraryException e) {
            return false; // not there yet, or damaged: then it is made anew
        }
    }

    private void unpack(Path place, LibraryBundle bundle, boolean alone) throws NativeLibraryException, IOException {
        if (isGood(place, bundle)) {
            return; // another process was quicker
        }
        if (alone) {
            deleteStale(bundle, place);
        }
        Path part = Files.createDirectory(directory.resolve(PART + UUID.randomUUID()), Ownership.OWNERS_DIRECTORY);
        try {
            UnpackedBundle.write(part, bundle, FILE);
            FileTree.delete(place);
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!isGood(place, bundle)) { // without locks two processes may unpack at once: the other's is as good
                throw e;
            }
        } finally {
            FileTree.delete(part);
        }
    }

    private void deleteStale(LibraryBundle bundle, Path current) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(PART)) {
                    FileTree.delete(entry);
                }
                if (name.startsWith(bundle.prefix()) && !name.endsWith(LOCK) && !entry.equals(current)) {
                    deleteUnused(entry);
                }
            }
        }
    }

    private void deleteUnused(Path stale) throws IOException {
        try (UseLock lock = UseLock.tryExclusive(lockOf(stale))) {
            if (lock.isHeld()) {
                FileTree.delete(stale);
                Files.deleteIfExists(lockOf(stale));
            }
        }
    }

    private Path lockOf(Path place) {
        return directory.resolve(place.getFileName() + LOCK);
    }
}
