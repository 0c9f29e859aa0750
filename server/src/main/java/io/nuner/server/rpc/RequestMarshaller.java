package io.nuner.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to a request; never throws. Any thread.
 *
 * <p>gRPC parses before any interceptor sees the call and answers UNKNOWN, with a stack trace in the log, when parsing
 * throws. So wrong bytes become a value here, and the service answers them like any other bad request.
 */
final class RequestMarshaller<T extends Message> implements Marshaller<RequestMarshaller.Inbound<T>> {
    /** The contract nests four messages deep. */
    private static final int RECURSION_LIMIT = 16;

    private final T empty;
    private final int maxBytes;

    RequestMarshaller(T empty, int maxBytes) {
        this.empty = empty;
        this.maxBytes = maxBytes;
    }

    @Override
    public Inbound<T> parse(InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(Math.addExact(maxBytes, 1));
            return bytes.length > maxBytes ? refused(tooLarge()) : parse(bytes);
        } catch (StatusRuntimeException e) { // gRPC's own limit on decompressed bytes
            return refused(tooLarge());
        } catch (IOException | RuntimeException e) {
            return refused(Refusal.saying(Rejection.INVALID, "the message cannot be decompressed"));
        }
    }

    private Inbound<T> parse(byte[] bytes) {
        try {
            CodedInputStream input = CodedInputStream.newInstance(bytes);
            input.setRecursionLimit(RECURSION_LIMIT);
            Message message = empty.getParserForType().parseFrom(input);
            input.checkLastTagWas(0);
            @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
            T typed = (T) message;
            return new Inbound<>(typed, null);
        } catch (IOException | RuntimeException e) {
            return refused(WireFault.find(empty.getDescriptorForType(), bytes));
        }
    }

    private Inbound<T> refused(Refusal refusal) {
        return new Inbound<>(empty, refusal);
    }

    private Refusal tooLarge() {
        return Refusal.saying(
                Rejection.MESSAGE_TOO_LARGE,
                "the message must have at most " + maxBytes + " bytes after decompression, but has more",
                new Refusal.Limit(maxBytes, Refusal.Unit.BYTES));
    }

    @Override
    public InputStream stream(Inbound<T> value) {
        throw new UnsupportedOperationException("a server sends no requests");
    }

    /**
     * What came over the wire: a message, or the reason why the bytes are none. Immutable.
     *
     * @param message empty if it is refused
     * @param refusal why there is no message; null if there is one
     */
    record Inbound<T extends Message>(T message, @Nullable Refusal refusal) {}

    /** Finds out why bytes are not a message, and names a string that is not UTF-8. */
    private static final class WireFault {
        private WireFault() {}

        static Refusal find(Descriptor type, byte[] bytes) {
            return badString(type, ByteString.copyFrom(bytes), "")
                    .map(path -> Refusal.invalid(path, "must be valid UTF-8"))
                    .orElseGet(() -> Refusal.saying(
                            Rejection.INVALID, "the bytes are not a valid " + type.getFullName() + " message"));
        }

        private static Optional<String> badString(Descriptor type, ByteString bytes, String prefix) {
            UnknownFieldSet fields;
            try {
                fields = UnknownFieldSet.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                return Optional.empty();
            }
            return type.getFields().stream()
                    .map(field -> badValue(
                            field,
                            fields.getField(field.getNumber()).getLengthDelimitedList(),
                            prefix + field.getName()))
                    .flatMap(Optional::stream)
                    .findFirst();
        }

        private static Optional<String> badValue(FieldDescriptor field, List<ByteString> values, String path) {
            for (int i = 0; i < values.size(); i++) {
                String place = field.isRepeated() ? path + "[" + i + "]" : path;
                Optional<String> bad = badValue(field, values.get(i), place);
                if (bad.isPresent()) {
                    return bad;
                }
            }
            return Optional.empty();
        }

        private static Optional<String> badValue(FieldDescriptor field, ByteString value, String path) {
            if (field.getJavaType() == JavaType.STRING) {
                return value.isValidUtf8() ? Optional.empty() : Optional.of(path);
            }
            if (field.getJavaType() == JavaType.MESSAGE) { // one level of our own types: the contract is not recursive
                return badString(field.getMessageType(), value, path + ".");
            }
            return Optional.empty();
        }
    }
}
