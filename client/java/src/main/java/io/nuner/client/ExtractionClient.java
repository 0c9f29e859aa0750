package io.nuner.client;

import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.Limits;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.NerServiceGrpc.NerServiceBlockingStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds entities by asking a server. Any thread; one client for one server serves a whole program.
 *
 * <p>Calls block until the answer or the deadline. A call that no replica could take is retried by the channel.
 */
public final class ExtractionClient implements AutoCloseable {
    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> KEY = Metadata.Key.of("nuner-key", Metadata.ASCII_STRING_MARSHALLER);

    /** Answers quote the text once for each entity, so they may be longer than any request. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    /** A request of up to this size can be sent again. */
    private static final long RETRY_BUFFER_BYTES = 2 << 20;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final NerServiceBlockingStub stub;
    private final Duration timeout;
    private volatile @Nullable Limits knownLimits;

    private ExtractionClient(ManagedChannel channel, Duration timeout) {
        this.channel = channel;
        this.stub = NerServiceGrpc.newBlockingStub(channel);
        this.timeout = timeout;
    }

    /** A client of the configured server; connects with the first call. */
    public static ExtractionClient connect(ClientConfig config) {
        var credentials = switch (config.transport()) {
            case PLAINTEXT -> InsecureChannelCredentials.create();
            case TLS -> TlsChannelCredentials.create();
        };
        ManagedChannelBuilder<?> channel = Grpc.newChannelBuilder(config.target(), credentials);
        return over(channel.intercept(callerMetadata(config)), config.timeout());
    }

    private static ClientInterceptor callerMetadata(ClientConfig config) {
        Metadata metadata = new Metadata();
        if (!config.tenant().isEmpty()) {
            metadata.put(TENANT, config.tenant());
        }
        if (!config.key().isEmpty()) {
            metadata.put(KEY, config.key());
        }
        return MetadataUtils.newAttachHeadersInterceptor(metadata);
    }

    /**
     * A client over a channel of the caller's making, with the service config of this library added.
     *
     * @param timeout deadline of one call, retries included
     */
    public static ExtractionClient over(ManagedChannelBuilder<?> channel, Duration timeout) {
        ManagedChannel built = channel.defaultServiceConfig(ServiceConfig.shipped())
                .enableRetry()
                .perRpcBufferLimit(RETRY_BUFFER_BYTES)
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .build();
        return new ExtractionClient(built, timeout);
    }

    /** The entities of a text by the server's defaults; offsets fit {@link String#substring}. */
    public Extraction extract(String text, List<String> labels) throws ExtractionException {
        return extract(text, labels, ExtractionOptions.DEFAULTS);
    }

    /**
     * The entities of a text.
     *
     * @param labels entity types in plain words, e.g. {@code person}
     * @throws ExtractionException if the server refuses the request or cannot be reached in time
     */
    public Extraction extract(String text, List<String> labels, ExtractionOptions options) throws ExtractionException {
        ExtractRequest request = request(text, labels, options);
        return Extraction.of(calling(() -> deadlined().extract(request)));
    }

    /**
     * The entities of several texts, in their order; a text that is refused fails alone. Sent in as many calls as the
     * server's limits ask for, each with its own deadline.
     *
     * @throws ExtractionException if a call fails as a whole
     */
    public List<Outcome> extractAll(List<String> texts, List<String> labels, ExtractionOptions options)
            throws ExtractionException {
        List<ExtractRequest> requests =
                texts.stream().map(text -> request(text, labels, options)).toList();
        List<Outcome> outcomes = new ArrayList<>(texts.size());
        for (ExtractBatchRequest call : BatchPlan.of(requests, limits())) {
            var response = calling(() -> deadlined().extractBatch(call));
            response.getItemsList().stream().map(Outcome::of).forEach(outcomes::add);
        }
        return outcomes;
    }

    /** Which model is served, by which engine, under which limits. */
    public GetServerInfoResponse serverInfo() throws ExtractionException {
        return calling(() -> deadlined().getServerInfo(GetServerInfoRequest.getDefaultInstance()));
    }

    /** Closes the connections; calls under way get a few seconds to end. */
    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Limits limits() throws ExtractionException {
        Limits known = knownLimits;
        if (known == null) {
            known = serverInfo().getLimits();
            knownLimits = known;
        }
        return known;
    }

    private NerServiceBlockingStub deadlined() {
        return stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ExtractRequest request(String text, List<String> labels, ExtractionOptions options) {
        return ExtractRequest.newBuilder()
                .setText(text)
                .addAllLabels(labels)
                .setOptions(options.toMessage())
                .setPriority(options.priority())
                .build();
    }

    private static <T> T calling(Supplier<T> call) throws ExtractionException {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw ExtractionException.of(e);
        }
    }
}
