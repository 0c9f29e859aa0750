package io.nuner.engine.natives;

import java.util.Locale;

/**
 * The operating system and processor that native libraries are made for. Immutable.
 *
 * @param system {@code linux}, {@code osx} or {@code win}; else as Java names it
 * @param processor {@code x86_64} or {@code aarch64}; else as Java names it
 */
public record NativePlatform(String system, String processor) {
    /** This machine's. */
    public static NativePlatform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** By the names that Java has for them. */
    static NativePlatform of(String system, String processor) {
        return new NativePlatform(system(system.toLowerCase(Locale.ROOT)), processor(processor));
    }

    private static String system(String name) {
        if (name.startsWith("mac")) {
            return "osx";
        }
        return name.startsWith("windows") ? "win" : name;
    }

    private static String processor(String name) {
        return name.equals("amd64") ? "x86_64" : name;
    }

    /** As in {@code linux-x86_64}. */
    @Override
    public String toString() {
        return system + "-" + processor;
    }
}
