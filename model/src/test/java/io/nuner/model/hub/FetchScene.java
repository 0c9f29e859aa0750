package io.nuner.model.hub;

import io.nuner.model.ModelException;
import io.nuner.model.hub.proxy.Proxies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A hub with one model whose tokenizer lies in its encoder's repository, and what fetches it into a cache. As an extension in
 * a field it closes after the test. One thread.
 */
final class FetchScene implements AutoCloseable, AfterEachCallback {
    static final String MODEL = "numind/Tiny";
    static final String ENCODER = "tiny/encoder";
    static final String WEIGHTS = "model.safetensors";
    static final int WEIGHTS_SIZE = 300_000;

    static final String ENCODER_CONFIG = """
            {"model_type": "bert", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
             "intermediate_size": 64, "max_position_embeddings": 512, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
             "type_vocab_size": 2}
            """;

    private final Supplier<Path> cache;
    private final FakeHub hub;
    private final byte[] weights = new byte[WEIGHTS_SIZE];
    private final List<Duration> pauses = new ArrayList<>();
    private final RecordedProgress progress = new RecordedProgress();
    private HubClient.Timeouts timeouts = HubClient.Timeouts.DEFAULT;
    private Disk disk = Disk.LOCAL;
    private Proxies proxies = Proxies.none();
    private String token = "";
    private String endpoint;

    /** A scene; the cache is asked for when it is needed, since JUnit makes temporary directories after the fields. */
    FetchScene(Supplier<Path> cache) {
        this.cache = cache;
        try {
            this.hub = new FakeHub();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.endpoint = hub.address();
        new Random(1).nextBytes(weights);
        configure(ENCODER);
        hub.add(MODEL, WEIGHTS, weights);
        hub.add(MODEL, "pytorch_model.bin", "the same in another format");
        hub.add(MODEL, "README.md", "not needed");
        hub.add(ENCODER, "spm.model", "a vocabulary");
        hub.add(ENCODER, "pytorch_model.bin", "weights before they were tuned");
    }

    /** Gives the model a configuration that names its encoder. */
    void configure(String encoder) {
        hub.add(MODEL, "gliner_config.json", """
                {"model_name": "%s", "span_mode": "marker", "max_width": 1, "max_len": 384, "hidden_size": 24,
                 "encoder_config": %s}
                """.formatted(encoder, ENCODER_CONFIG));
    }

    FakeHub hub() {
        return hub;
    }

    byte[] weights() {
        return weights.clone();
    }

    void useToken(String secret) {
        token = secret;
    }

    void use(HubClient.Timeouts newTimeouts) {
        timeouts = newTimeouts;
    }

    void use(Disk newDisk) {
        disk = newDisk;
    }

    void use(Proxies newProxies) {
        proxies = newProxies;
    }

    void useEndpoint(String address) {
        endpoint = address;
    }

    Path fetch() throws HubException, ModelException, InterruptedException {
        return fetch("main");
    }

    Path fetch(String revision) throws HubException, ModelException, InterruptedException {
        return fetcher().fetch(RepositoryId.parse(MODEL), new Revision(revision), true);
    }

    Path fetchWithoutExport() throws HubException, ModelException, InterruptedException {
        return fetcher().fetch(RepositoryId.parse(MODEL), new Revision("main"), false);
    }

    private ModelFetch fetcher() {
        HubClient client =
                new HubClient(HubEndpoint.parse(endpoint), AccessToken.of(token), proxies, timeouts, "nuner/test");
        Retries retries = new Retries(pauses::add, new Random(1), progress);
        return new ModelFetch(client, retries, new FetchedModels(cache.get()), disk, progress);
    }

    List<Duration> pauses() {
        return pauses;
    }

    RecordedProgress progress() {
        return progress;
    }

    Path directory() {
        return cache.get().resolve("hub/numind/Tiny@" + FakeHub.COMMIT);
    }

    Path unfinished() {
        return cache.get().resolve("hub/numind/Tiny@" + FakeHub.COMMIT + ".part");
    }

    /** Names of the files in a directory, sorted; none if it does not exist. */
    static List<String> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        hub.close();
    }
}
