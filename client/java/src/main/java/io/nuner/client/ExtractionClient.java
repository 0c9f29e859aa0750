package io.nuner.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.NerServiceGrpc.NerServiceBlockingStub;
import io.nuner.v1.StreamOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
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

    /** A connection that is dead is noticed while a stream waits; servers take pings every 10 s unless configured otherwise. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(30);

    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final NerServiceBlockingStub stub;
    private final Duration timeout;
    private volatile @Nullable GetServerInfoResponse knownServer;

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
        ManagedChannelBuilder<?> channel = Grpc.newChannelBuilder(config.target(), credentials)
                .keepAliveTime(KEEPALIVE.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
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
    public Extraction extract(String text, Labels labels) throws ExtractionException {
        return extract(text, labels, ExtractionOptions.DEFAULTS);
    }

    /**
     * The entities of a text. It may be long, but must be answered within the timeout; see {@link #extractDocument}.
     *
     * @throws ExtractionException if the server refuses the request or cannot be reached in time
     */
    public Extraction extract(String text, Labels labels, ExtractionOptions options) throws ExtractionException {
        ExtractRequest request =
                template(labels, options).toBuilder().setText(text).build();
        return Extraction.of(calling(() -> deadlined().extract(request)));
    }

    /**
     * The entities of several texts, in their order; a text that is refused fails alone. Sent in as many calls as the
     * server's limits ask for, each with its own deadline.
     *
     * @throws ExtractionException if a call fails as a whole
     */
    public List<Outcome> extractAll(List<String> texts, Labels labels, ExtractionOptions options)
            throws ExtractionException {
        ExtractRequest template = template(labels, options);
        List<ExtractRequest> requests = texts.stream()
                .map(text -> template.toBuilder().setText(text).build())
                .toList();
        List<Outcome> outcomes = new ArrayList<>(texts.size());
        for (ExtractBatchRequest call : BatchPlan.of(requests, server().getLimits())) {
            var response = calling(() -> deadlined().extractBatch(call));
            response.getItemsList().stream().map(Outcome::of).forEach(outcomes::add);
        }
        return outcomes;
    }

    /**
     * The entities of any number of texts through one stream, exactly one outcome for each; a text that is refused fails
     * alone. Texts are read when outcomes are asked for, by the same thread, and only so many that few are under way: an input
     * that waits for something holds outcomes up. If the server stops, is restarted or the connection is lost, the stream is
     * made again, and the texts that have no answer are sent again. Each text has the client's timeout.
     *
     * @throws ExtractionException if the server cannot be asked for its limits
     */
    public AnswerStream<TextOutcome> extractAll(
            Iterator<String> texts, Labels labels, ExtractionOptions options, StreamSettings settings)
            throws ExtractionException {
        ExtractRequest template = options.request(labels);
        StreamOptions streamOptions = StreamOptions.newBuilder()
                .setOrdered(settings.ordered())
                .setItemTimeout(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(timeout.getSeconds())
                        .setNanos(timeout.getNano()))
                .build();
        return new TextOutcomes(
                new StreamCalls(channel, streamOptions),
                new Texts(texts, template, settings.maxUnderWay()),
                new SizeLimit(server().getLimits().getMaxMessageBytes()),
                settings.ordered(),
                new Patience(settings.patience().plus(timeout)));
    }

    /**
     * The entities of one text of any length that the server reads, in parts, as soon as they are certain. Together they are
     * those of {@link #extract}. If the server stops, is restarted or the connection is lost after the first part, the text is sent
     * again, and the parts go on where they were: nothing is given twice.
     *
     * @param longest deadline for the whole document; the time in which its reader does not ask for more counts, too
     */
    public AnswerStream<DocumentPart> extractDocument(
            String text, Labels labels, ExtractionOptions options, Duration longest) {
        ExtractRequest request =
                options.request(labels).toBuilder().setText(text).build();
        return new Document(
                new DocumentCalls(channel, Deadline.after(longest.toNanos(), TimeUnit.NANOSECONDS)),
                ExtractDocumentRequest.newBuilder().setRequest(request).build(),
                new Patience(StreamSettings.DEFAULTS.patience()));
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

    /** What the server said of itself when it was first asked. */
    private GetServerInfoResponse server() throws ExtractionException {
        GetServerInfoResponse known = knownServer;
        if (known == null) {
            known = serverInfo();
            knownServer = known;
        }
        return known;
    }

    /** The request of a unary call without its text; fails if the server would ignore a part of it. */
    private ExtractRequest template(Labels labels, ExtractionOptions options) throws ExtractionException {
        boolean isNew = labels.haveOptions() || options.needNewServer();
        if (isNew && server().getDefaultLongTextPolicy() == LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED) {
            throw ExtractionException.of(
                    Status.UNIMPLEMENTED.withDescription("label options, word splitting and label overflow are new"));
        }
        return options.request(labels);
    }

    private NerServiceBlockingStub deadlined() {
        return stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static <T> T calling(Supplier<T> call) throws ExtractionException {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw ExtractionException.of(e);
        }
    }

    /** Calls of ExtractDocument on a channel that have one deadline. */
    private record DocumentCalls(ManagedChannel channel, Deadline deadline) implements Document.Calls {
        @Override
        public ClientCall<ExtractDocumentRequest, ExtractDocumentResponse> make() {
            channel.resetConnectBackoff(); // the document has pauses of its own
            return channel.newCall(
                    NerServiceGrpc.getExtractDocumentMethod(), CallOptions.DEFAULT.withDeadline(deadline));
        }

        @Override
        public long leftNanos() {
            return channel.isShutdown() ? 0 : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        }
    }

    /** Calls of ExtractStream on a channel. */
    private record StreamCalls(ManagedChannel channel, StreamOptions options) implements TextOutcomes.Calls {
        @Override
        public Attempt begin() {
            channel.resetConnectBackoff(); // the stream has pauses of its own
            return Attempt.of(channel.newCall(NerServiceGrpc.getExtractStreamMethod(), CallOptions.DEFAULT), options);
        }

        @Override
        public boolean areOver() {
            return channel.isShutdown();
        }
    }
}
