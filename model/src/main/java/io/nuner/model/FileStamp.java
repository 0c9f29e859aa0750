package io.nuner.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Attributes of a file that change whenever it is written to, replaced or renamed. Immutable.
 *
 * @param attributes device, number, size and times; the time of change cannot be set by anybody
 */
record FileStamp(Map<String, Object> attributes) {
    private static final String OF_UNIX = "unix:dev,ino,size,lastModifiedTime,ctime";
    private static final String ELSEWHERE = "fileKey,size,lastModifiedTime";
    /** Clocks of file systems advance in steps of milliseconds: two changes within one step get the same time. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    static FileStamp of(Path file) throws IOException {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return new FileStamp(Files.readAttributes(file, unix ? OF_UNIX : ELSEWHERE));
    }

    /** True if the last change is so recent that a further one may get the same time. */
    boolean isFresh(Instant now) {
        Object time = attributes.getOrDefault("ctime", attributes.get("lastModifiedTime"));
        return !(time instanceof FileTime changed)
                || !changed.toInstant().plus(STANDSTILL).isBefore(now);
    }
}
