package io.nuner.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a path is, to whom it belongs and whether others may write it, as of one look at it. Immutable. Where a file system has no
 * owners and permissions, every look ends with an {@link UnsupportedOperationException}.
 */
public final class Ownership {
    /** The permissions of a new file that this user alone may read and write. */
    public static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The permissions of a new directory that this user alone may enter. */
    public static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String USER = "unix:uid";
    private static final Integer ROOT = 0;
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final PosixFileAttributes attributes;
    private final Object user;

    private Ownership(PosixFileAttributes attributes, Object user) {
        this.attributes = attributes;
        this.user = user;
    }

    /** Whose files are trusted. */
    public enum Trusted {
        THIS_USER,
        THIS_USER_AND_ROOT
    }

    /** Of a path; of a link itself, if it is not to be followed. */
    public static Ownership of(Path path, LinkOption... following) throws IOException {
        return new Ownership(
                Files.readAttributes(path, PosixFileAttributes.class, following),
                Files.getAttribute(path, USER, following));
    }

    /** What is wrong with a directory, continuing a sentence that names it; empty if it can be trusted. A link cannot. */
    public static Optional<String> problemOfDirectory(Path directory, Trusted owners) throws IOException {
        Ownership found = of(directory, LinkOption.NOFOLLOW_LINKS);
        return found.attributes.isDirectory() ? found.problem(owners) : Optional.of(found.kind("is no directory"));
    }

    /** What is wrong with a file, as above. */
    public static Optional<String> problemOfFile(Path file, Trusted owners) throws IOException {
        Ownership found = of(file, LinkOption.NOFOLLOW_LINKS);
        return found.attributes.isRegularFile() ? found.problem(owners) : Optional.of(found.kind("is no plain file"));
    }

    /**
     * Makes a directory that this user alone may enter, unless it is there, and closes it for others.
     *
     * @return what is wrong with what is there, as above; then it stays as it is
     */
    public static Optional<String> makePrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            create(directory);
        }
        Optional<String> problem = problemOfDirectory(directory, Trusted.THIS_USER_AND_ROOT);
        if (problem.isEmpty() && !Files.getPosixFilePermissions(directory).equals(OWNERS_DIRECTORY.value())) {
            Files.setPosixFilePermissions(directory, OWNERS_DIRECTORY.value());
        }
        return problem;
    }

    private static void create(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent, OWNERS_DIRECTORY);
        }
        try {
            Files.createDirectory(directory, OWNERS_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            return; // another process was quicker, or it is no directory: what is there is looked at next
        }
    }

    /** Whether it belongs to one of them. */
    public boolean isOf(Trusted owners) throws IOException {
        return (owners == Trusted.THIS_USER_AND_ROOT && user.equals(ROOT)) || user.equals(thisUser());
    }

    /** Whether its group or anybody may write it. */
    public boolean isWrittenByOthers() {
        return attributes.permissions().stream().anyMatch(WRITTEN_BY_OTHERS::contains);
    }

    private Optional<String> problem(Trusted owners) throws IOException {
        if (!isOf(owners)) {
            return Optional.of("belongs to another user");
        }
        return isWrittenByOthers() ? Optional.of("may be written by other users") : Optional.empty();
    }

    private String kind(String otherwise) {
        return attributes.isSymbolicLink() ? "is a symbolic link" : otherwise;
    }

    /** By what the system says of this process: a container's user often has no name. */
    private static Object thisUser() throws IOException {
        if (Files.exists(THIS_PROCESS)) {
            return Files.getAttribute(THIS_PROCESS, USER);
        }
        Path probe = Files.createTempFile("nuner-owner", "");
        try {
            return Files.getAttribute(probe, USER);
        } finally {
            Files.delete(probe);
        }
    }
}
