package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.NerServiceProto;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that know nothing but the contract of {@code proto/baseline} are served as before. */
class OldClientTest {
    private static final String SERVICE = "nuner.v1.NerService/";

    /** Text "Ada", labels "person" and "city", every option, request_id "r1", bulk: as a client of that contract sends it. */
    private static final byte[] GOLDEN_REQUEST = HexFormat.of()
            .parseHex("0a03416461" + "1206706572736f6e" + "120463697479" + "1a0f0d0000803e" + "10011800200228023002"
                    + "22027231" + "2802");

    private static OldContract old;
    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        old = OldContract.read();
        running = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void nothingIsRenumberedRetypedOrTakenAway() {
        FileDescriptor present = NerServiceProto.getDescriptor();

        List<String> promised = old.file().getMessageTypes().stream()
                .flatMap(OldClientTest::promises)
                .toList();
        assertThat(present.getMessageTypes().stream().flatMap(OldClientTest::promises))
                .containsAll(promised);
        assertThat(promised).hasSizeGreaterThan(80);
        assertThat(present.getEnumTypes().stream().flatMap(OldClientTest::promises))
                .containsAll(old.file().getEnumTypes().stream()
                        .flatMap(OldClientTest::promises)
                        .toList());
        assertThat(methods(present)).containsAll(methods(old.file()));
    }

    @Test
    void theBytesOfAnOldRequestMeanWhatTheyMeant() throws InvalidProtocolBufferException {
        ExtractRequest request = ExtractRequest.parseFrom(GOLDEN_REQUEST);

        assertThat(request.getText()).isEqualTo("Ada");
        assertThat(request.getLabelsList()).containsExactly("person", "city");
        assertThat(request.getRequestId()).isEqualTo("r1");
        assertThat(request.getPriority()).isEqualTo(Priority.PRIORITY_BULK);
        var options = request.getOptions();
        assertThat(options.getThreshold()).isEqualTo(0.25f);
        assertThat(options.getMultiLabel()).isTrue();
        assertThat(options.hasFlatNer()).isTrue();
        assertThat(options.getFlatNer()).isFalse();
        assertThat(options.getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_ADJACENT);
        assertThat(options.getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF8_BYTE);
        assertThat(options.getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
        assertThat(request.getUnknownFields().asMap()).isEmpty();
        assertThat(request.toByteArray()).isEqualTo(GOLDEN_REQUEST);
    }

    @Test
    void anOldClientReadsEveryAnswer() throws InvalidProtocolBufferException {
        Descriptor asked = old.message("ExtractRequest");
        DynamicMessage question = DynamicMessage.parseFrom(asked, GOLDEN_REQUEST).toBuilder()
                .setField(asked.findFieldByName("text"), "Ada and Bob went to Paris, Lisbon and Rome in May 1998.")
                .build();
        byte[] bytes = send("Extract", question.toByteArray());
        DynamicMessage seen = DynamicMessage.parseFrom(old.message("ExtractResponse"), bytes);
        ExtractResponse meant = ExtractResponse.parseFrom(bytes);

        assertThat(meant.getEntitiesCount()).isPositive();
        assertThat(withoutNews(seen)).isEqualTo(withoutNews(meant, "label_groups", "cut_entities"));
        assertThat(seen.toByteArray()).hasSameSizeAs(bytes); // what it does not know, it keeps
    }

    @Test
    void anOldClientReadsABatchWithARefusal() throws InvalidProtocolBufferException {
        Descriptor batch = old.message("ExtractBatchRequest");
        FieldDescriptor requests = batch.findFieldByName("requests");
        DynamicMessage good = DynamicMessage.parseFrom(old.message("ExtractRequest"), GOLDEN_REQUEST);
        FieldDescriptor labels = good.getDescriptorForType().findFieldByName("labels");
        DynamicMessage bad = good.toBuilder().addRepeatedField(labels, "CITY").build();
        byte[] question = DynamicMessage.newBuilder(batch)
                .addRepeatedField(requests, good)
                .addRepeatedField(requests, bad)
                .build()
                .toByteArray();

        DynamicMessage answer =
                DynamicMessage.parseFrom(old.message("ExtractBatchResponse"), send("ExtractBatch", question));

        assertThat(TextFormat.printer().printToString(answer))
                .contains("request_id: \"r1\"")
                .contains("code: 3")
                .contains("requests[1].labels[2]");
    }

    @Test
    void anOldClientReadsWhatIsServed() throws InvalidProtocolBufferException {
        byte[] bytes = send("GetServerInfo", new byte[0]);
        DynamicMessage seen = DynamicMessage.parseFrom(old.message("GetServerInfoResponse"), bytes);

        assertThat(TextFormat.printer().printToString(seen))
                .contains("max_words: 384")
                .contains("lower_cased: true")
                .contains("default_merge_policy: MERGE_POLICY_NONE");
        assertThat(GetServerInfoResponse.parseFrom(bytes).getLabelRules().getTrimmed())
                .isTrue();
    }

    /** A client of a contract to come sends fields that this server does not know. */
    @Test
    void unknownFieldsAreNoReasonToRefuse() throws InvalidProtocolBufferException {
        UnknownFieldSet news = UnknownFieldSet.newBuilder()
                .addField(90, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .addField(
                        91,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("news"))
                                .addFixed64(2)
                                .build())
                .build();
        ExtractRequest request = ExtractRequest.parseFrom(GOLDEN_REQUEST);
        byte[] newer = request.toBuilder()
                .setOptions(request.getOptions().toBuilder().setUnknownFields(news))
                .setUnknownFields(news)
                .build()
                .toByteArray();

        assertThat(ExtractResponse.parseFrom(send("Extract", newer)).getEntitiesList())
                .isEqualTo(ExtractResponse.parseFrom(send("Extract", GOLDEN_REQUEST))
                        .getEntitiesList());
    }

    private static byte[] send(String method, byte[] message) {
        return RawCall.send(running.channel, SERVICE + method, message);
    }

    /** Text of all but the times and what the old contract does not know. */
    private static String withoutNews(Message message, String... newFields) {
        Stream<String> lines = TextFormat.printer()
                .printToString(message.toBuilder()
                        .clearField(message.getDescriptorForType().findFieldByName("timings"))
                        .build())
                .lines();
        return lines.filter(line -> !Character.isDigit(line.strip().charAt(0)))
                .filter(line -> Stream.of(newFields).noneMatch(line.strip()::startsWith))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> promises(Descriptor message) {
        return message.getFields().stream()
                .map(field -> field.getFullName() + " = " + field.getNumber() + " " + type(field)
                        + (field.isRepeated() ? " repeated" : "") + (field.hasPresence() ? " optional" : ""));
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name();
        };
    }

    private static Stream<String> promises(EnumDescriptor choice) {
        return choice.getValues().stream()
                .map((EnumValueDescriptor value) -> value.getFullName() + " = " + value.getNumber());
    }

    private static List<String> methods(FileDescriptor file) {
        return file.findServiceByName("NerService").getMethods().stream()
                .map((MethodDescriptor method) -> method.getFullName() + " "
                        + method.getInputType().getFullName() + " "
                        + method.getOutputType().getFullName())
                .toList();
    }
}
