package io.nuner.load.forms;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.nuner.load.TextPool;
import io.nuner.load.forms.FormsReport.Rounds;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.Priority;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how many texts a second go over one connection by unary calls, batches and a stream. The forms take turns in each
 * round, with the same texts and labels. Prints JSON.
 *
 * <p>{@code java io.nuner.load.forms.CallForms TARGET TEXTS ROUNDS IN_FLIGHT}, as in {@code localhost:8001 10000 5 64}; batches
 * have 32 texts, so that as many texts are in flight. The target has no TLS.
 */
public final class CallForms {
    private static final List<String> LABELS = List.of("person", "organization", "location", "date", "product");
    private static final int BATCH = 32;
    private static final int WARM_UP_SHARE = 10;
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final ManagedChannel channel;
    private final List<ExtractRequest> texts;
    private final List<CallForm> forms;

    CallForms(ManagedChannel channel, List<ExtractRequest> texts, List<CallForm> forms) {
        this.channel = channel;
        this.texts = List.copyOf(texts);
        this.forms = List.copyOf(forms);
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        int inFlight = Integer.parseInt(arguments[3]);
        ManagedChannel channel = Grpc.newChannelBuilder(arguments[0], InsecureChannelCredentials.create())
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .disableRetry()
                .build();
        try {
            System.out.println(new CallForms(channel, requests(count), forms(inFlight))
                    .measure(rounds)
                    .toJson());
        } finally {
            channel.shutdownNow();
        }
    }

    static List<CallForm> forms(int inFlight) {
        return List.of(
                new CallForm.Unary(inFlight),
                new CallForm.Batches(BATCH, Math.max(1, inFlight / BATCH)),
                new CallForm.Stream());
    }

    /** The bundled texts, again and again. */
    static List<ExtractRequest> requests(int count) {
        List<String> pool = TextPool.bundled().texts();
        return IntStream.range(0, count)
                .mapToObj(i -> ExtractRequest.newBuilder()
                        .setText(pool.get(i % pool.size()))
                        .addAllLabels(LABELS)
                        .setPriority(Priority.PRIORITY_BULK)
                        .build())
                .toList();
    }

    /** Runs all forms once with a tenth of the texts, uncounted, then in each round. */
    FormsReport measure(int rounds) throws InterruptedException {
        GetServerInfoResponse server =
                NerServiceGrpc.newBlockingStub(channel).getServerInfo(GetServerInfoRequest.getDefaultInstance());
        for (CallForm form : forms) {
            form.answered(texts.subList(0, texts.size() / WARM_UP_SHARE), channel);
        }
        List<Rounds> measured =
                forms.stream().map(form -> new Rounds(form.name())).toList();
        for (int round = 0; round < rounds; round++) {
            for (int form = 0; form < forms.size(); form++) {
                long startNanos = System.nanoTime();
                long answered = forms.get(form).answered(texts, channel);
                measured.get(form).add(texts.size(), answered, System.nanoTime() - startNanos);
            }
        }
        return FormsReport.of(server, texts.size(), LABELS.size(), measured);
    }
}
