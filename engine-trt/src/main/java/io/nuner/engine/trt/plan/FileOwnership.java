package io.nuner.engine.trt.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** Trusts files of this process's user that nobody else may write. Any thread. */
final class FileOwnership {
    /** The mode of a file that only this user may read. */
    static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The mode of a directory that only this user may enter. */
    static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private FileOwnership() {}

    /** Refuses a path that is no directory of ours alone. */
    static void requireOwnDirectory(Path directory) throws RefusedPlanException, IOException {
        PosixFileAttributes attributes = attributes(directory);
        requireNoLink(directory, attributes);
        if (!attributes.isDirectory()) {
            throw new RefusedPlanException(directory, "is no directory");
        }
        requireOurs(directory, attributes);
    }

    /** Refuses a path that is no plain file of ours alone. */
    static void requireOwnFile(Path file) throws RefusedPlanException, IOException {
        PosixFileAttributes attributes = attributes(file);
        requireNoLink(file, attributes);
        if (!attributes.isRegularFile()) {
            throw new RefusedPlanException(file, "is no plain file");
        }
        requireOurs(file, attributes);
    }

    private static void requireNoLink(Path path, PosixFileAttributes attributes) throws RefusedPlanException {
        if (attributes.isSymbolicLink()) {
            throw new RefusedPlanException(path, "is a symbolic link");
        }
    }

    private static void requireOurs(Path path, PosixFileAttributes attributes)
            throws RefusedPlanException, IOException {
        if (!attributes.owner().equals(processOwner())) {
            throw new RefusedPlanException(path, "belongs to another user");
        }
        if (attributes.permissions().stream().anyMatch(WRITTEN_BY_OTHERS::contains)) {
            throw new RefusedPlanException(path, "may be written by other users");
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** The owner of this process in /proc, since a container's user often has no name. */
    private static UserPrincipal processOwner() throws IOException {
        if (Files.exists(THIS_PROCESS)) {
            return Files.getOwner(THIS_PROCESS);
        }
        Path probe = Files.createTempFile("nuner-owner", "");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
