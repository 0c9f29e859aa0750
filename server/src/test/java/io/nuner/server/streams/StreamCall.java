package io.nuner.server.streams;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.nuner.server.RawCall;
import io.nuner.server.Waiting;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.StreamOptions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client's side of one ExtractStream call: sends what it is told and keeps what comes. One thread sends. */
final class StreamCall extends ClientCall.Listener<ExtractStreamResponse> {
    private static final MethodDescriptor<byte[], ExtractStreamResponse> METHOD =
            NerServiceGrpc.getExtractStreamMethod().toBuilder(
                            RawCall.BYTES,
                            NerServiceGrpc.getExtractStreamMethod().getResponseMarshaller())
                    .build();
    private static final int PATIENCE_SECONDS = 20;

    private final ClientCall<byte[], ExtractStreamResponse> call;
    private final List<ExtractStreamResponse> answers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private Metadata trailers = new Metadata();

    private StreamCall(ClientCall<byte[], ExtractStreamResponse> call) {
        this.call = call;
    }

    /** Begins a call that takes all answers. */
    static StreamCall on(Channel channel) {
        return on(channel, CallOptions.DEFAULT);
    }

    static StreamCall on(Channel channel, CallOptions options) {
        StreamCall stream = new StreamCall(channel.newCall(METHOD, options));
        Metadata headers = new Metadata();
        stream.call.start(stream, headers);
        stream.call.request(Integer.MAX_VALUE);
        return stream;
    }

    StreamCall send(byte[] message) {
        call.sendMessage(message);
        return this;
    }

    StreamCall send(ExtractRequest text) {
        return send(ExtractStreamRequest.newBuilder().setRequest(text).build().toByteArray());
    }

    StreamCall send(StreamOptions options) {
        return send(
                ExtractStreamRequest.newBuilder().setOptions(options).build().toByteArray());
    }

    StreamCall compressed() {
        call.setMessageCompression(true);
        return this;
    }

    boolean isReady() {
        return call.isReady();
    }

    StreamCall halfClose() {
        call.halfClose();
        return this;
    }

    void cancel() {
        call.cancel("enough", null);
    }

    /** What has come so far. */
    List<ExtractStreamResponse> answers() {
        return answers;
    }

    /** Waits for so many answers. */
    List<ExtractStreamResponse> awaitAnswers(int count) {
        Waiting.until(() -> answers.size() >= count);
        return answers;
    }

    /** Waits for the end; the code of its status. */
    Status.Code code() throws Exception {
        return status().getCode();
    }

    Status status() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean isOver() {
        return end.isDone();
    }

    /** The ErrorInfo of its status. */
    ErrorInfo info() throws Exception {
        com.google.rpc.Status details = Objects.requireNonNull(StatusProto.fromStatusAndTrailers(status(), trailers));
        return details.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(StreamCall::unpack)
                .findFirst()
                .orElseThrow();
    }

    private static ErrorInfo unpack(com.google.protobuf.Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void onMessage(ExtractStreamResponse message) {
        answers.add(message);
    }

    @Override
    public void onClose(Status status, Metadata last) {
        trailers = last;
        end.complete(status);
    }
}
