package io.nuner.load.forms;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.rpc.Status;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractBatchResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.ModelInfo;
import io.nuner.v1.NerServiceGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CallFormsTest {
    private final Fake fake = new Fake();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void connect() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(fake)
                .build()
                .start();
        channel = Grpc.newChannelBuilder("localhost:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void everyFormSendsEveryTextAndCountsItsAnswers(int form) throws InterruptedException {
        List<ExtractRequest> texts = new ArrayList<>(CallForms.requests(500));
        texts.set(77, texts.get(77).toBuilder().setText("bad").build());

        long answered = CallForms.forms(64).get(form).answered(texts, channel);

        assertThat(answered).isEqualTo(499);
        assertThat(fake.texts).hasValue(500);
    }

    @Test
    void theReportComparesWithUnaryCalls() throws InterruptedException {
        CallForms forms = new CallForms(channel, CallForms.requests(100), CallForms.forms(8));

        var report = JsonParser.parseString(forms.measure(3).toJson()).getAsJsonObject();

        var measured = report.getAsJsonArray("forms");
        assertThat(report.get("model").getAsString()).isEqualTo("fake");
        assertThat(measured).hasSize(3);
        assertThat(measured.get(0).getAsJsonObject().get("ratio").getAsDouble()).isEqualTo(1);
        for (var form : measured) {
            assertThat(form.getAsJsonObject().get("unanswered").getAsLong()).isZero();
            assertThat(form.getAsJsonObject().getAsJsonArray("textsPerSecond")).hasSize(3);
        }
        assertThat(fake.texts).hasValue(3 * (10 + 3 * 100));
    }

    /** Answers every text but {@code bad}, and counts them. */
    private static final class Fake extends NerServiceGrpc.NerServiceImplBase {
        private final AtomicInteger texts = new AtomicInteger();

        @Override
        public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
            observer.onNext(GetServerInfoResponse.newBuilder()
                    .setModel(ModelInfo.newBuilder().setName("fake"))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void extract(ExtractRequest request, StreamObserver<ExtractResponse> observer) {
            texts.incrementAndGet();
            if (isBad(request)) {
                observer.onError(io.grpc.Status.INVALID_ARGUMENT.asRuntimeException());
                return;
            }
            observer.onNext(ExtractResponse.getDefaultInstance());
            observer.onCompleted();
        }

        @Override
        public void extractBatch(ExtractBatchRequest request, StreamObserver<ExtractBatchResponse> observer) {
            ExtractBatchResponse.Builder response = ExtractBatchResponse.newBuilder();
            for (ExtractRequest text : request.getRequestsList()) {
                texts.incrementAndGet();
                ExtractBatchItem.Builder item = response.addItemsBuilder();
                if (isBad(text)) {
                    item.setError(Status.getDefaultInstance());
                } else {
                    item.setResponse(ExtractResponse.getDefaultInstance());
                }
            }
            observer.onNext(response.build());
            observer.onCompleted();
        }

        @Override
        public StreamObserver<ExtractStreamRequest> extractStream(StreamObserver<ExtractStreamResponse> observer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ExtractStreamRequest message) {
                    if (message.hasOptions()) {
                        return;
                    }
                    ExtractStreamResponse.Builder answer =
                            ExtractStreamResponse.newBuilder().setIndex(texts.getAndIncrement());
                    observer.onNext(
                            isBad(message.getRequest())
                                    ? answer.setError(Status.getDefaultInstance())
                                            .build()
                                    : answer.setResponse(ExtractResponse.getDefaultInstance())
                                            .build());
                }

                @Override
                public void onError(Throwable failure) {
                    // the client is gone
                }

                @Override
                public void onCompleted() {
                    observer.onCompleted();
                }
            };
        }

        private static boolean isBad(ExtractRequest request) {
            return request.getText().equals("bad");
        }
    }
}
