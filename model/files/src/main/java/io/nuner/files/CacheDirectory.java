package io.nuner.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The directory of what this program can make or fetch again. Any thread. */
public final class CacheDirectory {
    /** The system property that names it; wins over the environment. */
    public static final String PROPERTY = "nuner.cache";

    /** The environment variable that names it. */
    public static final String VARIABLE = "NUNER_CACHE";

    private CacheDirectory() {}

    /** The directory that the system property names, or else the environment; empty if neither does. */
    public static Optional<Path> ofThisProcess() {
        String named = System.getProperty(PROPERTY, "");
        return named.isEmpty() ? of(System.getenv(), System.getProperty("user.home", "")) : Optional.of(Path.of(named));
    }

    /**
     * The directory that the environment names: {@value #VARIABLE}, {@code XDG_CACHE_HOME/nuner} or {@code .cache/nuner} below
     * the home; empty if there is neither.
     *
     * @param userHome Java's {@code user.home}, which is {@code ?} for a user without an entry in the password file; then
     *     {@code HOME} counts
     */
    public static Optional<Path> of(Map<String, String> environment, String userHome) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        String cacheHome = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!cacheHome.isEmpty()) {
            return Optional.of(Path.of(cacheHome, "nuner"));
        }
        String home = isHome(userHome) ? userHome : environment.getOrDefault("HOME", "");
        return isHome(home) ? Optional.of(Path.of(home, ".cache", "nuner")) : Optional.empty();
    }

    private static boolean isHome(String home) {
        return home.startsWith("/") || home.contains(":\\");
    }
}
