package io.nuner.engine.trt.plan;

import io.nuner.files.FileTree;
import io.nuner.files.Ownership;
import io.nuner.files.Ownership.Trusted;
import io.nuner.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of one plan: files, and {@code plan.json} that lists them. One thread at a time.
 *
 * <p>A plan is handed out after these checks, in this order: owner and permissions of each file, the key in plan.json, then
 * size and SHA-256 of each file over the very mapping that is handed out.
 */
final class PlanDirectory {
    static final String RECORD = "plan.json";

    /** The report on parity is not among them: every load measures anew, and nothing reads it. */
    static final List<String> FILES = List.of(StoredPlan.ENCODER, StoredPlan.HEAD, StoredPlan.GOLDEN);

    /** Ends the name of a file that shows people the layers of a plan; kept, and not listed. */
    private static final String LAYERS = ".layers.json";

    private static final int MAX_RECORD_BYTES = 1 << 20;

    private final Path directory;

    PlanDirectory(Path directory) {
        this.directory = directory;
    }

    /** Deletes whatever is no part of a plan, and writes the record of the rest. */
    void seal(PlanKey key, Map<String, Double> seconds, Map<String, String> notes)
            throws RefusedPlanException, IOException {
        deleteOthers();
        List<PlanRecord.ListedFile> files = new ArrayList<>();
        for (String name : FILES) {
            Path file = directory.resolve(name);
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new RefusedPlanException(file, "was not built");
            }
            Files.setPosixFilePermissions(file, Ownership.OWNERS_FILE.value());
            ByteBuffer content = map(name);
            files.add(new PlanRecord.ListedFile(name, content.capacity(), Sha256.of(content)));
        }
        Path record = Files.createFile(directory.resolve(RECORD), Ownership.OWNERS_FILE);
        Files.write(record, PlanRecord.of(key, seconds, notes, files).json());
    }

    private void deleteOthers() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!FILES.contains(name) && !name.endsWith(LAYERS)) {
                    FileTree.delete(entry);
                }
            }
        }
    }

    /**
     * The plan, verified.
     *
     * @throws RefusedPlanException with one sentence that names the file
     */
    StoredPlan open(PlanKey key) throws RefusedPlanException, IOException {
        requireOurs(directory);
        PlanRecord record = record(key);
        return new StoredPlan(
                directory,
                verified(StoredPlan.ENCODER, record),
                verified(StoredPlan.HEAD, record),
                verified(StoredPlan.GOLDEN, record));
    }

    /** Refuses what is no directory of this user that nobody else may write; not even root's is taken. */
    static void requireOurs(Path directory) throws RefusedPlanException, IOException {
        refuse(directory, Ownership.problemOfDirectory(directory, Trusted.THIS_USER));
    }

    private static void refuse(Path path, Optional<String> problem) throws RefusedPlanException {
        if (problem.isPresent()) {
            throw new RefusedPlanException(path, problem.get());
        }
    }

    private PlanRecord record(PlanKey key) throws RefusedPlanException, IOException {
        ByteBuffer content = map(RECORD, MAX_RECORD_BYTES);
        byte[] json = new byte[content.remaining()];
        content.get(json);
        PlanRecord record = parsed(json);
        if (!record.isOf(key)) {
            throw new RefusedPlanException(
                    directory.resolve(RECORD), "describes another plan, " + record.key() + ", and not " + key.hex());
        }
        return record;
    }

    private PlanRecord parsed(byte[] json) throws RefusedPlanException {
        try {
            return PlanRecord.of(json);
        } catch (RuntimeException e) { // Gson wraps what the record refuses, and its own failures, in many of these
            throw new RefusedPlanException(
                    directory.resolve(RECORD), "is no record of format " + PlanRecord.FORMAT + " of a plan");
        }
    }

    private ByteBuffer verified(String name, PlanRecord record) throws RefusedPlanException, IOException {
        Path file = directory.resolve(name);
        PlanRecord.ListedFile listed = record.files().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RefusedPlanException(directory.resolve(RECORD), "does not list " + name));
        ByteBuffer content = map(name);
        if (content.capacity() != listed.bytes()) {
            throw new RefusedPlanException(
                    file, "has " + content.capacity() + " bytes, " + RECORD + " says " + listed.bytes());
        }
        if (!Sha256.of(content).equals(listed.sha256())) {
            throw new RefusedPlanException(file, "was changed after it was built");
        }
        return content;
    }

    private ByteBuffer map(String name) throws RefusedPlanException, IOException {
        return map(name, Integer.MAX_VALUE);
    }

    private ByteBuffer map(String name, int maxBytes) throws RefusedPlanException, IOException {
        Path file = directory.resolve(name);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedPlanException(file, "is missing");
        }
        refuse(file, Ownership.problemOfFile(file, Trusted.THIS_USER));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            if (size > maxBytes) {
                throw new RefusedPlanException(file, "has " + size + " bytes, more than " + maxBytes);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size); // outlives the channel
        }
    }
}
