package io.nuner.engine.natives;

import io.nuner.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Native libraries that belong together: files of a jar whose contents are fixed. Immutable.
 *
 * <p>A library of another version than the one whose sums were written down is never loaded, whatever is on the class path.
 */
public final class LibraryBundle {
    /** Enough of a SHA-256 that nobody finds a second content for it. */
    private static final int NAMED_BY_DIGITS = 40;

    private static final int DIGEST_DIGITS = 64;

    private final String name;
    private final Class<?> owner;
    private final List<NativeFile> files;

    private LibraryBundle(String name, Class<?> owner, List<NativeFile> files) {
        this.name = name;
        this.owner = owner;
        this.files = List.copyOf(files);
    }

    /**
     * The libraries for a platform: all resources whose names begin with a prefix.
     *
     * @param name what directories are named after
     * @param owner a class whose loader sees both the jar and the sums
     * @param sums a resource beside the owner with lines as {@code sha256sum} writes them
     * @param prefix what the names of the bundle's resources begin with, without a slash in front
     * @throws NativeLibraryException if there is none: this platform has no such library
     */
    public static LibraryBundle read(String name, Class<?> owner, String sums, String prefix)
            throws NativeLibraryException {
        List<NativeFile> files = new ArrayList<>();
        for (String line : lines(owner, sums)) {
            NativeFile file = file(line);
            if (file.resource().startsWith(prefix)) {
                files.add(file);
            }
        }
        if (files.isEmpty()) {
            throw new NativeLibraryException("there is no " + name + " library for " + NativePlatform.current());
        }
        return new LibraryBundle(name, owner, files);
    }

    private static List<String> lines(Class<?> owner, String sums) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(sums), sums)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a damaged jar
        }
    }

    private static NativeFile file(String line) {
        return new NativeFile(line.substring(DIGEST_DIGITS).strip(), line.substring(0, DIGEST_DIGITS));
    }

    /** What it holds, for people. */
    public String name() {
        return name;
    }

    /** The libraries, in the order in which they are loaded. */
    public List<NativeFile> files() {
        return files;
    }

    /** The name of the bundle and a digest of its contents: another content has another directory. */
    public String directoryName() {
        Sha256 all = new Sha256();
        for (NativeFile file : files) {
            all.add((file.sha256() + "  " + file.name() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return prefix() + all.hex().substring(0, NAMED_BY_DIGITS);
    }

    /** The start of the names of all directories of this bundle, whatever their content. */
    String prefix() {
        return name + "-";
    }

    /** The file's content in the jar. */
    InputStream open(NativeFile file) throws NativeLibraryException {
        InputStream in = owner.getClassLoader().getResourceAsStream(file.resource());
        if (in == null) {
            throw new NativeLibraryException("this installation lacks the jar with " + file.resource());
        }
        return in;
    }

    /**
     * One native library as it lies in a jar. Immutable.
     *
     * @param resource where the class path has it, without a slash in front
     * @param sha256 of the only content that is accepted, in lower-case hexadecimal digits
     */
    public record NativeFile(String resource, String sha256) {
        /** The file's own name. */
        public String name() {
            return resource.substring(resource.lastIndexOf('/') + 1);
        }
    }
}
