package io.nuner.engine.natives;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** Whose files may be run: this user's and root's, if nobody else may write them. Any thread. */
final class Ownership {
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final Integer ROOT = 0;
    private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private Ownership() {}

    static void requireDirectory(Path directory) throws NativeLibraryException, IOException {
        PosixFileAttributes attributes = attributes(directory);
        if (attributes.isSymbolicLink() || !attributes.isDirectory()) {
            throw refused(directory, "is no directory");
        }
        requireTrusted(directory, attributes);
    }

    static void requireFile(Path file) throws NativeLibraryException, IOException {
        PosixFileAttributes attributes = attributes(file);
        if (attributes.isSymbolicLink() || !attributes.isRegularFile()) {
            throw refused(file, "is no plain file");
        }
        requireTrusted(file, attributes);
    }

    private static void requireTrusted(Path path, PosixFileAttributes attributes)
            throws NativeLibraryException, IOException {
        boolean ofRoot = ROOT.equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        if (!ofRoot && !attributes.owner().equals(processOwner())) {
            throw refused(path, "belongs to another user");
        }
        if (attributes.permissions().stream().anyMatch(WRITTEN_BY_OTHERS::contains)) {
            throw refused(path, "may be written by other users");
        }
    }

    private static PosixFileAttributes attributes(Path path) throws NativeLibraryException, IOException {
        try {
            return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new NativeLibraryException(path + " is missing", e);
        }
    }

    private static NativeLibraryException refused(Path path, String problem) {
        return new NativeLibraryException("native code is not loaded from " + path + ": it " + problem);
    }

    /** By what the system says of this process: a container's user often has no name. */
    private static UserPrincipal processOwner() throws IOException {
        if (Files.exists(THIS_PROCESS)) {
            return Files.getOwner(THIS_PROCESS);
        }
        String name = System.getProperty("user.name", "");
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }
}
