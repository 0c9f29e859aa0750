package io.nuner.server.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.nuner.server.RunningServer;
import io.nuner.v1.Entity;
import io.nuner.v1.ErrorReason;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.ExtractStreamResponse;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of calls of several messages: what they mean now, they mean for good. */
class GoldenStreamTest {
    /** Ordered, 2.5 s for each text. */
    private static final byte[] OPTIONS = bytes("0a0c" + "0801" + "1208" + "0802" + "1080cab5ee01");

    /** Text "Ada", labels "person" and "city", offsets in bytes, request_id "r1". */
    private static final String TEXT = "0a03416461" + "1206706572736f6e" + "120463697479" + "1a022802" + "22027231";

    private static final byte[] REQUEST = bytes("121b" + TEXT);

    /** The entity "Ada" from 1 to 4, label 1, "city", score 0.5. */
    private static final String ENTITY = "0801" + "1004" + "1a03416461" + "220463697479" + "2d0000003f" + "3001";

    /** The answer to text 300: the entity, request_id "r1", one word, one window, searched to 3. */
    private static final byte[] RESPONSE =
            bytes("08ac02" + "1224" + "0a16" + ENTITY + "12027231" + "2206" + "0801" + "2001" + "3003");

    private static final String INFO = "0a07494e56414c4944" + "12086e756e65722e7631";

    /** The refusal of text 2: code 3, "request.text bad", ErrorInfo; the same unpacked, with the field. */
    private static final byte[] ERROR = bytes("0802" + "1a55" + "0803" + "1210726571756573742e7465787420626164" + "1a3f"
            + "0a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e4572726f72496e666f" + "1213" + INFO
            + "222e" + "0808" + "1215" + "0a13" + "0a0c726571756573742e74657874" + "1203626164" + "2213" + INFO);

    private static final byte[] DOCUMENT = bytes("0a1b" + TEXT);

    /** The last part: the entity, safe_until 4, request_id "r1", one word, one window, searched to 4, a batch of one row. */
    private static final byte[] PART =
            bytes("0a16" + ENTITY + "1004" + "1a027231" + "2206" + "0801" + "2001" + "3004" + "2a02" + "2801");

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void optionsMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractStreamRequest message = ExtractStreamRequest.parseFrom(OPTIONS);

        assertThat(message.hasOptions()).isTrue();
        assertThat(message.getOptions().getOrdered()).isTrue();
        assertThat(message.getOptions().getItemTimeout()).isEqualTo(Durations.fromMillis(2_500));
        assertWhole(message, OPTIONS);
    }

    @Test
    void requestsMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractStreamRequest message = ExtractStreamRequest.parseFrom(REQUEST);
        ExtractDocumentRequest document = ExtractDocumentRequest.parseFrom(DOCUMENT);

        assertThat(message.hasRequest()).isTrue();
        ExtractRequest request = message.getRequest();
        assertThat(request.getText()).isEqualTo("Ada");
        assertThat(request.getLabelsList()).containsExactly("person", "city");
        assertThat(request.getRequestId()).isEqualTo("r1");
        assertThat(document.getRequest()).isEqualTo(request);
        assertWhole(message, REQUEST);
        assertWhole(document, DOCUMENT);
    }

    @Test
    void answersMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractStreamResponse message = ExtractStreamResponse.parseFrom(RESPONSE);

        assertThat(message.getIndex()).isEqualTo(300);
        assertThat(message.hasResponse()).isTrue();
        assertThat(message.getResponse().getEntitiesList()).containsExactly(ada());
        assertThat(message.getResponse().getRequestId()).isEqualTo("r1");
        assertThat(message.getResponse().getUsage().getSearchedEnd()).isEqualTo(3);
        assertWhole(message, RESPONSE);
    }

    @Test
    void refusalsMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractStreamResponse message = ExtractStreamResponse.parseFrom(ERROR);

        assertThat(message.getIndex()).isEqualTo(2);
        assertThat(message.hasError()).isTrue();
        assertThat(message.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(message.getError().getMessage()).isEqualTo("request.text bad");
        ErrorInfo info = message.getError().getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("INVALID");
        assertThat(info.getDomain()).isEqualTo("nuner.v1");
        assertThat(message.getErrorDetails().getReason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID);
        assertThat(message.getErrorDetails().getErrorInfo()).isEqualTo(info);
        assertThat(message.getErrorDetails()
                        .getBadRequest()
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo("request.text");
        assertWhole(message, ERROR);
    }

    @Test
    void partsOfADocumentMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractDocumentResponse message = ExtractDocumentResponse.parseFrom(PART);

        assertThat(message.getEntitiesList()).containsExactly(ada());
        assertThat(message.getSafeUntil()).isEqualTo(4);
        assertThat(message.getRequestId()).isEqualTo("r1");
        assertThat(message.getUsage().getWindows()).isEqualTo(1);
        assertThat(message.getTimings().getBatchRows()).isEqualTo(1);
        assertWhole(message, PART);
    }

    private static Entity ada() {
        return Entity.newBuilder()
                .setStart(1)
                .setEnd(4)
                .setText("Ada")
                .setLabel("city")
                .setScore(0.5f)
                .setLabelIndex(1)
                .build();
    }

    /** It knows each field, and writes the same. */
    private static void assertWhole(Message message, byte[] golden) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        assertThat(message.toByteArray()).isEqualTo(golden);
    }

    @Test
    void theBytesAreServed() throws Exception {
        byte[] blankLabel = ByteString.copyFrom(bytes("121f" + TEXT))
                .concat(ByteString.copyFrom(bytes("12022020")))
                .toByteArray();
        try (RunningServer running = RunningServer.start()) {
            StreamCall stream = StreamCall.on(running.channel);
            stream.send(OPTIONS).send(REQUEST).send(blankLabel).halfClose();

            assertThat(stream.code()).isEqualTo(Status.Code.OK);
            List<ExtractStreamResponse> answers = stream.answers();
            assertThat(answers).extracting(ExtractStreamResponse::getIndex).containsExactly(0L, 1L);
            assertThat(answers.get(0).getResponse().getRequestId()).isEqualTo("r1");
            assertThat(answers.get(0).getResponse().getUsage().getWords()).isEqualTo(1);
            assertThat(answers.get(1)
                            .getErrorDetails()
                            .getBadRequest()
                            .getFieldViolations(0)
                            .getField())
                    .isEqualTo("request.labels[2]");
        }
    }
}
