package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {
    private static final Map<String, String> HOME = Map.of("HOME", "/home/ada");

    @Test
    void theVariableGoesBeforeXdgAndThatBeforeTheHome() {
        assertThat(CacheDirectory.of(Map.of("NUNER_CACHE", "/n", "XDG_CACHE_HOME", "/x"), "/home/ada"))
                .contains(Path.of("/n"));
        assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "/x"), "/home/ada"))
                .contains(Path.of("/x/nuner"));
        assertThat(CacheDirectory.of(Map.of(), "/home/ada")).contains(Path.of("/home/ada/.cache/nuner"));
    }

    @Test
    void aUserWithoutAnEntryInThePasswordFileHasTheHomeOfTheEnvironment() {
        assertThat(CacheDirectory.of(HOME, "?")).contains(Path.of("/home/ada/.cache/nuner"));
        assertThat(CacheDirectory.of(HOME, "")).contains(Path.of("/home/ada/.cache/nuner"));
        assertThat(CacheDirectory.of(Map.of(), "?")).isEmpty();
        assertThat(CacheDirectory.of(Map.of("HOME", "?"), "?")).isEmpty();
        assertThat(CacheDirectory.of(Map.of("HOME", "relative"), "")).isEmpty();
    }
}
