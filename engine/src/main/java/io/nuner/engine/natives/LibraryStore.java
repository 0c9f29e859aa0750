package io.nuner.engine.natives;

import io.nuner.files.CacheDirectory;
import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The place from which this process loads native libraries, and no other. Any thread; several processes may share one.
 *
 * <p>Each bundle has a directory of its own, named by its content. Whatever is handed out was verified: every file by owner,
 * permissions and SHA-256, and that nothing else lies beside them.
 */
public final class LibraryStore {
    /** System property that names a directory whose libraries are taken as they are; goes before the environment. */
    public static final String GIVEN_PROPERTY = "nuner.native.libraries";

    /** The environment variable for the same. */
    public static final String GIVEN_VARIABLE = "NUNER_NATIVE_LIBRARIES";

    private static final String BELOW_THE_CACHE = "native";

    private final @Nullable Path directory;
    private final @Nullable PrivateDirectory unpacking;

    private LibraryStore(@Nullable Path directory, @Nullable PrivateDirectory unpacking) {
        this.directory = directory;
        this.unpacking = unpacking;
    }

    /** A store that unpacks what is missing or damaged into a directory below the cache that nobody else may enter. */
    public static LibraryStore inCache(Path cache) {
        Path directory = cache.toAbsolutePath().resolve(BELOW_THE_CACHE);
        return new LibraryStore(directory, new PrivateDirectory(directory));
    }

    /** A store in which nothing is ever written: someone has filled it by {@link #fill}. */
    public static LibraryStore given(Path directory) {
        return new LibraryStore(directory.toAbsolutePath(), null);
    }

    /** The store of this process, as the system properties say, or else the environment; see {@link CacheDirectory}. */
    public static LibraryStore ofThisProcess() {
        String given = System.getProperty(GIVEN_PROPERTY, System.getenv().getOrDefault(GIVEN_VARIABLE, ""));
        if (!given.isEmpty()) {
            return given(Path.of(given));
        }
        return CacheDirectory.ofThisProcess().map(LibraryStore::inCache).orElseGet(() -> new LibraryStore(null, null));
    }

    /**
     * The directory with exactly the files of a bundle, verified now.
     *
     * @throws NativeLibraryException if there is none and it cannot be made, or a given one is not as it should be
     */
    public Path directory(LibraryBundle bundle) throws NativeLibraryException {
        if (directory == null) {
            throw new NativeLibraryException("there is no home directory to keep native libraries in: name a place by"
                    + " --cache or " + CacheDirectory.VARIABLE);
        }
        try {
            return unpacking == null ? verified(directory, bundle) : unpacking.verified(bundle);
        } catch (IOException e) {
            String advice = unpacking == null ? "" : "; --cache or " + CacheDirectory.VARIABLE + " names another place";
            throw new NativeLibraryException(
                    "native libraries cannot be kept in " + directory + ": " + FileProblem.reasonOfWritingBelow(e)
                            + advice,
                    e);
        } catch (UnsupportedOperationException e) {
            throw new NativeLibraryException(
                    "native libraries cannot be kept in " + directory
                            + ": its file system has no owners and permissions",
                    e);
        }
    }

    /**
     * Loads the libraries of a bundle into this process, in its order; called once for each bundle.
     *
     * @throws NativeLibraryException as above, or if one does not load
     */
    public void load(LibraryBundle bundle) throws NativeLibraryException {
        Path place = directory(bundle);
        for (LibraryBundle.NativeFile file : bundle.files()) {
            load(place.resolve(file.name()));
        }
    }

    private static void load(Path library) throws NativeLibraryException {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw NativeLibraryException.notLoaded(library, e);
        }
    }

    private static Path verified(Path given, LibraryBundle bundle) throws NativeLibraryException, IOException {
        Path place = given.resolve(bundle.directoryName());
        UnpackedBundle.requireTrusted(given);
        UnpackedBundle.verify(place, bundle);
        return place;
    }

    /**
     * Writes a bundle into a directory that {@link #given} can take later, readable for all, writable for this user alone.
     *
     * @return where the libraries are
     */
    public static Path fill(Path directory, LibraryBundle bundle) throws NativeLibraryException {
        try {
            return UnpackedBundle.writeForAll(directory.toAbsolutePath(), bundle);
        } catch (IOException e) {
            throw new NativeLibraryException(
                    directory + " cannot be written: " + FileProblem.reasonOfWritingBelow(e), e);
        }
    }
}
