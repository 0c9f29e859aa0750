package io.nuner.load;

import com.google.protobuf.ByteString;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import java.util.ArrayList;
import java.util.List;

/** A way to break the wire contract. Each turns a good request into the bytes of a bad one. */
enum Malformation {
    /** A length that points beyond the end of the message. */
    CUT_MESSAGE {
        @Override
        byte[] of(ExtractRequest request) {
            return new byte[] {0x0a, 0x7f, 'a'};
        }
    },
    /** A field of a wire type that does not exist. */
    BROKEN_FIELD {
        @Override
        byte[] of(ExtractRequest request) {
            return request.toByteString()
                    .concat(ByteString.copyFrom(new byte[] {0x0f, 0x7f}))
                    .toByteArray();
        }
    },
    /** A text that is no UTF-8. */
    INVALID_UTF8 {
        @Override
        byte[] of(ExtractRequest request) {
            byte[] labels = request.toBuilder().clearText().build().toByteArray();
            byte[] text = {0x0a, 3, 'a', (byte) 0xc3, 0x28};
            return ByteString.copyFrom(text).concat(ByteString.copyFrom(labels)).toByteArray();
        }
    },
    /** A threshold that is no probability. */
    THRESHOLD {
        @Override
        byte[] of(ExtractRequest request) {
            return with(request, options -> options.setThreshold(1.5f));
        }
    },
    /** A merge policy of a contract to come. */
    UNKNOWN_CHOICE {
        @Override
        byte[] of(ExtractRequest request) {
            return with(request, options -> options.setMergePolicyValue(77));
        }
    },
    /** More labels than any server takes. */
    TOO_MANY_LABELS {
        @Override
        byte[] of(ExtractRequest request) {
            List<String> labels = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                labels.add("label " + i);
            }
            return request.toBuilder()
                    .clearLabels()
                    .addAllLabels(labels)
                    .build()
                    .toByteArray();
        }
    },
    /** A label without a letter. */
    BLANK_LABEL {
        @Override
        byte[] of(ExtractRequest request) {
            return request.toBuilder().addLabels(" ").build().toByteArray();
        }
    },
    /** The same label twice. */
    REPEATED_LABEL {
        @Override
        byte[] of(ExtractRequest request) {
            return request.toBuilder().addLabels(request.getLabels(0)).build().toByteArray();
        }
    },
    /** A label that holds a marker of the model. */
    MARKER_IN_LABEL {
        @Override
        byte[] of(ExtractRequest request) {
            return request.toBuilder().addLabels("<<SEP>>").build().toByteArray();
        }
    };

    private static final int MANY = 2000;

    /** The bytes to send instead of the request's. The request has a text and a label. */
    abstract byte[] of(ExtractRequest request);

    /** A change of options. */
    private interface OptionsChange {
        ExtractOptions.Builder applyTo(ExtractOptions.Builder options);
    }

    private static byte[] with(ExtractRequest request, OptionsChange change) {
        ExtractOptions.Builder options = change.applyTo(request.getOptions().toBuilder());
        return request.toBuilder().setOptions(options).build().toByteArray();
    }
}
