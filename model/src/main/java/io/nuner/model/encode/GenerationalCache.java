package io.nuner.model.encode;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounded map that drops entries not asked for recently. Any thread.
 *
 * <p>Entries live in two generations. A hit in the old one moves the entry to the young one; when the young one is full, it
 * becomes the old one and the former old one is dropped. So at most about twice {@code room} entries are held, and an entry
 * asked for at least once in {@code room} insertions stays.
 */
final class GenerationalCache<K, V> {
    private final int room;
    private volatile Generations<K, V> generations = new Generations<>(Map.of());

    /** Takes the number of entries of one generation. */
    GenerationalCache(int room) {
        this.room = room;
    }

    @Nullable
    V get(K key) {
        Generations<K, V> now = generations;
        V value = now.young.get(key);
        if (value != null) {
            return value;
        }
        V old = now.old.get(key);
        if (old != null) {
            put(key, old);
        }
        return old;
    }

    void put(K key, V value) {
        Generations<K, V> now = generations;
        now.young.put(key, value);
        if (now.young.size() >= room) {
            age(now);
        }
    }

    /** Entries in both generations. */
    int size() {
        Generations<K, V> now = generations;
        return now.young.size() + now.old.size();
    }

    private synchronized void age(Generations<K, V> full) {
        if (generations == full) {
            generations = new Generations<>(full.young);
        }
    }

    /** Told apart by identity. */
    private static final class Generations<K, V> {
        private final Map<K, V> young = new ConcurrentHashMap<>();
        private final Map<K, V> old;

        private Generations(Map<K, V> old) {
            this.old = old;
        }
    }
}
