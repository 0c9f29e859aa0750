package io.nuner.model;

import io.nuner.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of weights whose content was verified, mapped into memory. Any thread.
 *
 * <p>It can be a gigabyte, so it is not copied; {@link #requireUnchanged} finds out later whether it was written to.
 */
final class VerifiedWeights {
    private static final long CHUNK_BYTES = 1 << 30;

    private final Path file;
    private final ModelManifest.Entry listed;
    private final FileStamp stamp;
    private final boolean fresh;
    private final List<ByteBuffer> chunks;

    private VerifiedWeights(Path file, ModelManifest.Entry listed, FileStamp stamp, List<ByteBuffer> chunks) {
        this.file = file;
        this.listed = listed;
        this.stamp = stamp;
        this.fresh = stamp.isFresh(Instant.now());
        this.chunks = chunks;
    }

    /**
     * Reads all of an open file.
     *
     * @throws ModelException if its content is not the one listed
     */
    static VerifiedWeights of(Path file, FileChannel channel, ModelManifest.Entry listed) throws ModelException {
        try {
            FileStamp stamp = FileStamp.of(file);
            if (channel.size() != listed.size()) {
                throw ModelException.of(file, "has " + channel.size() + " bytes, the manifest says " + listed.size());
            }
            if (!FileDigest.of(channel).equals(listed.sha256())) {
                throw ModelException.of(file, "its content is not the one listed in " + ModelManifest.FILE);
            }
            List<ByteBuffer> chunks = new ArrayList<>();
            for (long start = 0; start < listed.size(); start += CHUNK_BYTES) {
                long bytes = Math.min(CHUNK_BYTES, listed.size() - start);
                chunks.add(channel.map(FileChannel.MapMode.READ_ONLY, start, bytes));
            }
            return new VerifiedWeights(file, listed, stamp, chunks);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /**
     * Refuses the file if it was written to, replaced or renamed since it was verified.
     *
     * @throws EngineException naming the file
     */
    void requireUnchanged() throws EngineException {
        try {
            if (!FileStamp.of(file).equals(stamp) || (fresh && !isAsListed())) {
                throw changed(new IllegalStateException("another time or size"));
            }
        } catch (IOException | InternalError e) { // the latter where a mapped file was cut
            throw changed(e);
        }
    }

    private boolean isAsListed() {
        return FileDigest.of(chunks.stream().map(ByteBuffer::duplicate).toList())
                .equals(listed.sha256());
    }

    private EngineException changed(Throwable cause) {
        return EngineException.cannotOpen(file + ": was changed while it was loaded; start again", cause);
    }

    /**
     * Attributes of a file that change whenever it is written to, replaced or renamed. Immutable.
     *
     * @param attributes device, number, size and times; the time of change cannot be set by anybody
     */
    private record FileStamp(Map<String, Object> attributes) {
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
}
