package io.nuner.model.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;

/**
 * Speaks a hub's file API: lists revisions, serves small files itself and redirects to a second server for large ones, with
 * tags and ranges. Faults are put in front of single answers. Any thread, once it is set up.
 */
public final class FakeHub implements AutoCloseable {
    /** The commit that {@code main} names in every repository. */
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final Map<String, Map<String, byte[]>> repositories = new HashMap<>();
    private final Map<String, Queue<UnaryOperator<FakeReply>>> faults = new ConcurrentHashMap<>();
    private final FaultyServer hub;
    private final FaultyServer cdn;
    private boolean tellsContents = true;

    /** An empty hub. */
    public FakeHub() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    /** An empty hub on sockets of a kind, for those who serve small files only: large ones it serves without encryption. */
    public FakeHub(ServerSocketFactory sockets) throws IOException {
        this.hub = FaultyServer.start(this::answer, sockets);
        this.cdn = FaultyServer.start(this::answerOfCdn);
    }

    /** Adds a file, which is a large one if it holds weights or a vocabulary. */
    public void add(String repository, String file, byte[] content) {
        repositories.computeIfAbsent(repository, name -> new TreeMap<>()).put(file, content);
    }

    /** Adds a repository or a file of text. */
    void add(String repository, String file, String content) {
        add(repository, file, content.getBytes(StandardCharsets.UTF_8));
    }

    void remove(String repository, String file) {
        repositories.getOrDefault(repository, Map.of()).remove(file);
    }

    /** Changes the next answer that brings the content of a file; several wait in a queue. */
    void next(String file, UnaryOperator<FakeReply> fault) {
        queue(file).add(fault);
    }

    /** Changes the next answer of the hub that sends a client to the other server. */
    void nextRedirect(String file, UnaryOperator<FakeReply> fault) {
        queue("redirect " + file).add(fault);
    }

    /** Changes the next listing of a repository. */
    void nextListing(String repository, UnaryOperator<FakeReply> fault) {
        queue("listing " + repository).add(fault);
    }

    private Queue<UnaryOperator<FakeReply>> queue(String key) {
        return faults.computeIfAbsent(key, any -> new ConcurrentLinkedQueue<>());
    }

    private FakeReply faulty(String key, FakeReply reply) {
        UnaryOperator<FakeReply> fault = queue(key).poll();
        return fault == null ? reply : fault.apply(reply);
    }

    /** Lets the answers that pause go on. */
    void resume() {
        cdn.resume();
    }

    /** Lists names only. */
    void hideContents() {
        tellsContents = false;
    }

    public String address() {
        return hub.address();
    }

    String cdnAddress() {
        return cdn.address();
    }

    public List<FakeRequest> requestsToHub() {
        return hub.requests();
    }

    List<FakeRequest> requestsToCdn() {
        return cdn.requests();
    }

    /** Requests for content, to either server, whose path ends so. */
    public long requestsFor(String pathEnd) {
        return Stream.concat(hub.requests().stream(), cdn.requests().stream())
                .filter(request -> request.path().endsWith(pathEnd))
                .count();
    }

    private FakeReply answer(FakeRequest request) {
        String[] path = request.path().split("/", -1);
        if (path.length == 7 && path[1].equals("api")) {
            String repository = path[3] + "/" + path[4];
            return faulty("listing " + repository, listing(repository, path[6]));
        }
        Map<String, byte[]> files = repositories.getOrDefault(path[1] + "/" + path[2], Map.of());
        String name = path[path.length - 1];
        byte[] content = files.get(name);
        if (content == null || !path[4].equals(COMMIT)) {
            return FakeReply.of(404).with("X-Error-Code", "EntryNotFound");
        }
        return isLarge(name)
                ? faulty("redirect " + name, redirect(name, content))
                : faulty(name, ranged(request, content, gitId(content)));
    }

    private FakeReply listing(String repository, String revision) {
        Map<String, byte[]> files = repositories.get(repository);
        if (files == null) {
            return FakeReply.of(401).with("X-Error-Code", "RepoNotFound");
        }
        if (!revision.equals("main") && !revision.equals(COMMIT)) {
            return FakeReply.of(404).with("X-Error-Code", "RevisionNotFound");
        }
        JsonArray siblings = new JsonArray();
        files.forEach((name, content) -> siblings.add(sibling(name, content)));
        JsonObject model = new JsonObject();
        model.addProperty("sha", COMMIT);
        model.add("siblings", siblings);
        return FakeReply.json(model.toString());
    }

    private JsonObject sibling(String name, byte[] content) {
        JsonObject file = new JsonObject();
        file.addProperty("rfilename", name);
        if (tellsContents) {
            file.addProperty("size", content.length);
            file.addProperty("blobId", gitId(content));
        }
        if (tellsContents && isLarge(name)) {
            JsonObject lfs = new JsonObject();
            lfs.addProperty("sha256", sha256(content));
            file.add("lfs", lfs);
            file.addProperty("blobId", "0".repeat(40)); // of the pointer
        }
        return file;
    }

    private FakeReply redirect(String name, byte[] content) {
        return FakeReply.of(302)
                .with("Location", cdn.address() + "/" + sha256(content) + "/" + name + "?signature=secret")
                .with("X-Repo-Commit", COMMIT)
                .with("X-Linked-Size", String.valueOf(content.length))
                .with("X-Linked-ETag", '"' + sha256(content) + '"');
    }

    private FakeReply answerOfCdn(FakeRequest request) {
        String[] path = request.path().split("/", -1);
        byte[] content = repositories.values().stream()
                .flatMap(files -> files.values().stream())
                .filter(bytes -> sha256(bytes).equals(path[1]))
                .findFirst()
                .orElseThrow();
        return faulty(path[2], ranged(request, content, "parts-" + content.length));
    }

    private static FakeReply ranged(FakeRequest request, byte[] content, String tag) {
        String quoted = '"' + tag + '"';
        String range = request.header("range");
        boolean changed = request.headers().containsKey("if-range")
                && !request.header("if-range").equals(quoted);
        if (range.isEmpty() || changed) {
            return FakeReply.of(200, content).with("ETag", quoted);
        }
        int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from >= content.length) {
            return FakeReply.of(416).with("Content-Range", "bytes */" + content.length);
        }
        return FakeReply.of(206, Arrays.copyOfRange(content, from, content.length))
                .with("ETag", quoted)
                .with("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin") || name.endsWith(".model");
    }

    static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    static String gitId(byte[] content) {
        byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[header.length + content.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(content, 0, all, header.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        hub.close();
        cdn.close();
    }
}
