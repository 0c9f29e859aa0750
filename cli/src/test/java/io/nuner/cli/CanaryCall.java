package io.nuner.cli;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A call that carries a canary, each in another way, and how it ended. */
enum CanaryCall {
    GOOD {
        @Override
        byte[] message(String canary) {
            return request(canary).build().toByteArray();
        }
    },
    SAME_LABELS {
        @Override
        byte[] message(String canary) {
            return request(canary).addLabels(" " + canary).build().toByteArray();
        }
    },
    LABEL_WITH_MARKER {
        @Override
        byte[] message(String canary) {
            return request(canary).addLabels(canary + "<<ENT>>").build().toByteArray();
        }
    },
    LONG_LABEL {
        @Override
        byte[] message(String canary) {
            return request(canary).addLabels(canary.repeat(30)).build().toByteArray();
        }
    },
    LONG_TEXT {
        @Override
        byte[] message(String canary) {
            return request(canary).setText(canary.repeat(8_000)).build().toByteArray();
        }
    },
    MANY_WORDS {
        @Override
        byte[] message(String canary) {
            return request(canary).setText((canary + " ").repeat(400)).build().toByteArray();
        }
    },
    LONG_ID {
        @Override
        byte[] message(String canary) {
            return request(canary).setRequestId(canary.repeat(20)).build().toByteArray();
        }
    },
    THRESHOLD {
        @Override
        byte[] message(String canary) {
            return request(canary)
                    .setOptions(ExtractOptions.newBuilder().setThreshold(Float.NaN))
                    .build()
                    .toByteArray();
        }
    },
    NO_PROTOBUF {
        @Override
        byte[] message(String canary) {
            return ("{\"text\": \"" + canary + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    },
    NO_UTF8 {
        @Override
        byte[] message(String canary) {
            ByteString text =
                    ByteString.copyFromUtf8(canary).concat(ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28}));
            return ByteString.copyFrom(new byte[] {10, (byte) text.size()})
                    .concat(text)
                    .toByteArray();
        }
    },
    LARGE_MESSAGE {
        @Override
        byte[] message(String canary) {
            return request(canary).setText(canary.repeat(90_000)).build().toByteArray();
        }
    },
    BATCH {
        @Override
        String method() {
            return "ExtractBatch";
        }

        @Override
        byte[] message(String canary) {
            return ExtractBatchRequest.newBuilder()
                    .addRequests(request(canary))
                    .addRequests(request(canary).addLabels(canary + "<<SEP>>"))
                    .build()
                    .toByteArray();
        }
    },
    TENANT {
        @Override
        Map<String, String> metadata(String canary) {
            return Map.of("nuner-tenant", canary, "x-" + canary, canary);
        }
    },
    BAD_TENANT {
        @Override
        Map<String, String> metadata(String canary) {
            return Map.of("nuner-tenant", canary + " " + canary);
        }
    },
    WRONG_KEY {
        @Override
        Map<String, String> metadata(String canary) {
            return Map.of("nuner-key", canary);
        }
    },
    MUCH_METADATA {
        @Override
        Map<String, String> metadata(String canary) {
            return Map.of("x-" + canary, canary.repeat(600));
        }
    },
    FAILING_ENGINE {
        @Override
        byte[] message(String canary) {
            return words(canary, TalkativeEngine.FAILING_WORDS);
        }
    },
    THROWING_ENGINE {
        @Override
        byte[] message(String canary) {
            return words(canary, TalkativeEngine.FAILING_WORDS + 1);
        }
    },
    NO_TIME {
        @Override
        CallOptions options() {
            return CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MILLISECONDS);
        }
    },
    CANCELLED {
        @Override
        StatusRuntimeException outcome(ManagedChannel channel, String canary) {
            var call = channel.newCall(descriptor(method()), options());
            var answer = ClientCalls.futureUnaryCall(call, message(canary));
            answer.cancel(true);
            return Status.CANCELLED.asRuntimeException();
        }
    };

    private static final Bytes BYTES = new Bytes();

    /** Makes the call; an answer is a status too, OK. */
    StatusRuntimeException outcome(ManagedChannel channel, String canary) {
        Metadata headers = new Metadata();
        metadata(canary)
                .forEach((name, value) -> headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        try {
            ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    descriptor(method()),
                    options(),
                    message(canary));
            return Status.OK.asRuntimeException();
        } catch (StatusRuntimeException e) {
            return e;
        }
    }

    String method() {
        return "Extract";
    }

    byte[] message(String canary) {
        return request(canary).build().toByteArray();
    }

    Map<String, String> metadata(String canary) {
        return Map.of();
    }

    CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static ExtractRequest.Builder request(String canary) {
        return ExtractRequest.newBuilder().setText(canary).addLabels(canary).setRequestId(canary);
    }

    private static byte[] words(String canary, int words) {
        return request(canary).setText((canary + " ").repeat(words)).build().toByteArray();
    }

    private static MethodDescriptor<byte[], byte[]> descriptor(String method) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("nuner.v1.NerService/" + method)
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
