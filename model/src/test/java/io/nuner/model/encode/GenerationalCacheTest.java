package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationalCacheTest {
    private final GenerationalCache<Integer, String> cache = new GenerationalCache<>(4);

    @Test
    void neverHoldsMuchMoreThanTwoGenerations() {
        for (int key = 0; key < 1_000; key++) {
            cache.put(key, "v" + key);
            assertThat(cache.size()).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void anEntryInUseStaysAndAnUnusedOneGoes() {
        cache.put(-1, "used");
        cache.put(-2, "unused");
        for (int key = 0; key < 100; key++) {
            cache.put(key, "v");
            assertThat(cache.get(-1)).isEqualTo("used");
        }

        assertThat(cache.get(-2)).isNull();
    }
}
