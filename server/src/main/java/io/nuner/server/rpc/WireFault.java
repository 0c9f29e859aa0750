package io.nuner.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with bytes that are not a message: names the string that is not UTF-8, if that is it. */
final class WireFault {
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
                        field, fields.getField(field.getNumber()).getLengthDelimitedList(), prefix + field.getName()))
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
