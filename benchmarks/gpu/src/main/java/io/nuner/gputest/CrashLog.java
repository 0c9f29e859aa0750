package io.nuner.gputest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a Java virtual machine that crashed left behind. */
final class CrashLog {
    private static final int HEAD_LINES = 30;
    private static final String FRAME = "# Problematic frame:";

    private CrashLog() {}

    /** Where a stage's crash log would be. */
    static Path of(Path logs, String stage) {
        return logs.resolve(stage + "-crash.log");
    }

    /** The signal and the frame it hit, in a line; empty if nothing crashed. */
    static String summary(Path file) {
        if (!Files.exists(file)) {
            return "";
        }
        List<String> found = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            boolean frame = false;
            for (String line : lines.limit(HEAD_LINES).toList()) {
                if (frame || line.startsWith("#  ")) {
                    found.add(line.substring(1).strip());
                }
                frame = line.startsWith(FRAME);
            }
        } catch (IOException e) {
            found.add("its log cannot be read: " + e.getMessage());
        }
        return "the Java virtual machine crashed: " + String.join("; ", found) + " (" + file.getFileName() + ")";
    }
}
