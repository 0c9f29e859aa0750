package io.nuner.engine.trt.plan;

import io.nuner.files.FileTree;
import io.nuner.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The directory of one plan: files, {@code plan.json} that lists them, and its signature. One thread at a time.
 *
 * <p>What it hands out was verified in this order: owner and permissions, the signature over the very bytes of plan.json,
 * the key in it, then size and SHA-256 of each file over the very mapping that is handed out.
 */
final class SealedDirectory {
    static final String RECORD = "plan.json";
    static final String SIGNATURE = "plan.sig";
    /** Not among them: the report on parity, which every load measures anew and nothing reads. */
    static final List<String> FILES = List.of(StoredPlan.ENCODER, StoredPlan.HEAD, StoredPlan.GOLDEN);

    /** Nor what a plan consists of, for people to read. */
    private static final String LAYERS = ".layers.json";

    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final String SCHEME = "hmac-sha256";

    private final Path directory;
    private final SigningKey signingKey;

    SealedDirectory(Path directory, SigningKey signingKey) {
        this.directory = directory;
        this.signingKey = signingKey;
    }

    /** Deletes whatever is no part of a plan and lists what is, as it is, in a signed record. */
    void seal(PlanKey key, Map<String, Double> seconds, Map<String, String> notes)
            throws RefusedPlanException, IOException {
        deleteOthers();
        List<PlanFile> files = new ArrayList<>();
        for (String name : FILES) {
            Path file = directory.resolve(name);
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new RefusedPlanException(file, "was not built");
            }
            Files.setPosixFilePermissions(file, FileOwnership.OWNERS_FILE.value());
            ByteBuffer content = map(name);
            files.add(new PlanFile(name, content.capacity(), Sha256.of(content)));
        }
        byte[] json = PlanRecord.of(key, seconds, notes, files).json();
        write(RECORD, json);
        write(SIGNATURE, signature(json).getBytes(StandardCharsets.UTF_8));
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

    private String signature(byte[] json) {
        return SCHEME + " " + signingKey.name() + " " + signingKey.sign(json) + "\n";
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = Files.createFile(directory.resolve(name), FileOwnership.OWNERS_FILE);
        Files.write(file, content);
    }

    /**
     * The plan, verified.
     *
     * @throws RefusedPlanException with one sentence that names the file
     */
    StoredPlan open(PlanKey key) throws RefusedPlanException, IOException {
        FileOwnership.requireOwnDirectory(directory);
        PlanRecord record = record(key);
        return new StoredPlan(
                directory,
                verified(StoredPlan.ENCODER, record),
                verified(StoredPlan.HEAD, record),
                verified(StoredPlan.GOLDEN, record));
    }

    private PlanRecord record(PlanKey key) throws RefusedPlanException, IOException {
        byte[] json = small(RECORD);
        requireSigned(json, new String(small(SIGNATURE), StandardCharsets.UTF_8));
        PlanRecord record = parsed(json);
        if (!record.isOf(key)) {
            throw new RefusedPlanException(
                    directory.resolve(RECORD), "describes another plan, " + record.key() + ", and not " + key.hex());
        }
        return record;
    }

    private void requireSigned(byte[] json, String signature) throws RefusedPlanException {
        String[] words = signature.strip().split(" ", -1);
        if (words.length != 3 || !words[0].equals(SCHEME)) {
            throw new RefusedPlanException(directory.resolve(SIGNATURE), "is no signature");
        }
        if (!words[1].equals(signingKey.name())) {
            throw new RefusedPlanException(
                    directory.resolve(SIGNATURE), "was made with another signing key than this server's");
        }
        if (!signingKey.signed(json, words[2])) {
            throw new RefusedPlanException(directory.resolve(RECORD), "was changed after it was signed");
        }
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
        PlanFile listed = record.files().stream()
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

    private byte[] small(String name) throws RefusedPlanException, IOException {
        ByteBuffer content = map(name, MAX_RECORD_BYTES);
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private ByteBuffer map(String name) throws RefusedPlanException, IOException {
        return map(name, Integer.MAX_VALUE);
    }

    private ByteBuffer map(String name, int maxBytes) throws RefusedPlanException, IOException {
        Path file = directory.resolve(name);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedPlanException(file, "is missing");
        }
        FileOwnership.requireOwnFile(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            if (size > maxBytes) {
                throw new RefusedPlanException(file, "has " + size + " bytes, more than " + maxBytes);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size); // outlives the channel
        }
    }
}
