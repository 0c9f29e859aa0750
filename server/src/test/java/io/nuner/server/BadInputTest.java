package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LabelOption;
import io.nuner.v1.LongTextPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final String BATCH = "nuner.v1.NerService/ExtractBatch";
    private static final String SECRET = "s3cret";
    private static final ExtractRequest GOOD = RunningServer.request(SECRET + " Paris", "city", "person");

    private static final ExtractRequest TEXT =
            ExtractRequest.newBuilder().setText(SECRET + " Paris").build();
    private static final ExtractOptions REJECT = ExtractOptions.newBuilder()
            .setLongText(LongTextPolicy.LONG_TEXT_POLICY_REJECT)
            .build();

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static Stream<Bad> badInputs() {
        return Stream.of(badFields(), badLabelOptions(), badDocuments(), badBytes())
                .flatMap(bad -> bad);
    }

    private static Stream<Bad> badFields() {
        return Stream.of(
                extract("blank label", GOOD.toBuilder().addLabels("  "), "labels[2]"),
                extract("empty label", GOOD.toBuilder().addLabels(""), "labels[2]"),
                extract("label twice", GOOD.toBuilder().addLabels("CITY"), "labels[2]"),
                extract("label with a marker", GOOD.toBuilder().addLabels("x<<ENT>>"), "labels[2]"),
                extract("label of 257 bytes", GOOD.toBuilder().addLabels("a".repeat(257)), "labels[2]"),
                extract("label of 129 umlauts", GOOD.toBuilder().addLabels("ä".repeat(129)), "labels[2]"),
                extract("101 labels", GOOD.toBuilder().addAllLabels(Collections.nCopies(99, "x")), "labels"),
                extract("text of 1 MiB and a byte", GOOD.toBuilder().setText("a".repeat((1 << 20) + 1)), "text"),
                extract(
                        "too many words",
                        GOOD.toBuilder().setText("a ".repeat(385)).setOptions(REJECT),
                        "text"),
                extract("request_id of 129 bytes", GOOD.toBuilder().setRequestId("a".repeat(129)), "request_id"),
                options("threshold NaN", ExtractOptions.newBuilder().setThreshold(Float.NaN), "threshold"),
                options("threshold infinite", threshold(Float.POSITIVE_INFINITY), "threshold"),
                options("threshold below 0", threshold(-0.001f), "threshold"),
                options("threshold above 1", threshold(1.001f), "threshold"),
                options("merge_policy 77", ExtractOptions.newBuilder().setMergePolicyValue(77), "merge_policy"),
                options("offset_unit 77", ExtractOptions.newBuilder().setOffsetUnitValue(77), "offset_unit"),
                options("long_text 77", ExtractOptions.newBuilder().setLongTextValue(77), "long_text"),
                options("label_overflow 77", ExtractOptions.newBuilder().setLabelOverflowValue(77), "label_overflow"),
                options("word_splitting 77", ExtractOptions.newBuilder().setWordSplittingValue(77), "word_splitting"),
                new Bad("33 texts", BATCH, batchOf(33).toByteArray(), "INVALID_ARGUMENT", "requests"));
    }

    private static Stream<Bad> badLabelOptions() {
        return Stream.of(
                extract("labels and label_options", GOOD.toBuilder().addLabelOptions(option("x", "")), "label_options"),
                labelOption("option without a name", option("", "town"), ".name"),
                labelOption("blank name without a prompt", option("  ", ""), ".name"),
                labelOption("blank prompt", option("x", "  "), ".prompt"),
                labelOption("prompt twice", option("x", "CITY"), ".prompt"),
                labelOption("name that is an earlier prompt", option("City", ""), ".name"),
                labelOption("prompt with a marker", option("x", "x<<ENT>>"), ".prompt"),
                labelOption("name of 257 bytes", option("a".repeat(257), "x"), ".name"),
                labelOption("prompt of 129 umlauts", option("x", "ä".repeat(129)), ".prompt"),
                labelOption("threshold NaN", option("x", "").setThreshold(Float.NaN), ".threshold"),
                labelOption("threshold above 1", option("x", "").setThreshold(1.001f), ".threshold"),
                extract(
                        "101 options",
                        TEXT.toBuilder()
                                .addAllLabelOptions(
                                        Collections.nCopies(101, option("x", "").build())),
                        "label_options"));
    }

    private static Bad labelOption(String name, LabelOption.Builder third, String part) {
        ExtractRequest.Builder request = TEXT.toBuilder()
                .addLabelOptions(option("a", "city"))
                .addLabelOptions(option("b", "person"))
                .addLabelOptions(third);
        return extract(name, request, "label_options[2]" + part);
    }

    private static LabelOption.Builder option(String name, String prompt) {
        return LabelOption.newBuilder().setName(name).setPrompt(prompt);
    }

    private static Stream<Bad> badDocuments() {
        ExtractRequest long385 =
                GOOD.toBuilder().setText("a ".repeat(385)).setOptions(REJECT).build();
        return Stream.of(
                document("label of a document", GOOD.toBuilder().addLabels("  ").build(), "request.labels[2]"),
                document("document that is not to be long", long385, "request.text"));
    }

    private static Bad document(String name, ExtractRequest request, String field) {
        byte[] bytes =
                ExtractDocumentRequest.newBuilder().setRequest(request).build().toByteArray();
        return new Bad(name, "nuner.v1.NerService/ExtractDocument", bytes, "INVALID_ARGUMENT", field);
    }

    private static Stream<Bad> badBytes() {
        byte[] badUtf8 = {(byte) 0xed, (byte) 0xa0, (byte) 0xbd};
        ByteString badText = ByteString.copyFrom(new byte[] {10, 3}).concat(ByteString.copyFrom(badUtf8));
        ByteString badLabel =
                ByteString.copyFrom(new byte[] {10, 1, 'a', 18, 1, 'b', 18, 3}).concat(ByteString.copyFrom(badUtf8));
        ByteString badItem = ByteString.copyFrom(new byte[] {10, 0, 10, 5}).concat(badText);
        byte[] groups = new byte[200];
        java.util.Arrays.fill(groups, (byte) 0x7b); // field 15, start of a group, 200 deep
        return Stream.of(
                new Bad("text not UTF-8", EXTRACT, badText.toByteArray(), "INVALID_ARGUMENT", "text"),
                new Bad("label not UTF-8", EXTRACT, badLabel.toByteArray(), "INVALID_ARGUMENT", "labels[1]"),
                new Bad("item not UTF-8", BATCH, badItem.toByteArray(), "INVALID_ARGUMENT", "requests[1].text"),
                new Bad("truncated field", EXTRACT, new byte[] {10, 50, 'a'}, "INVALID_ARGUMENT", ""),
                new Bad("not protobuf", EXTRACT, bytes("{\"text\":\"" + SECRET + "\"}"), "INVALID_ARGUMENT", ""),
                new Bad("nested too deep", EXTRACT, groups, "INVALID_ARGUMENT", ""),
                new Bad("info not protobuf", "nuner.v1.NerService/GetServerInfo", bytes("x"), "INVALID_ARGUMENT", ""),
                new Bad("message of 3 MiB", EXTRACT, new byte[3 << 20], "INVALID_ARGUMENT", ""),
                new Bad("unknown method", "nuner.v1.NerService/Nothing", new byte[0], "UNIMPLEMENTED", ""),
                new Bad("unknown service", "nuner.v2.NerService/Extract", new byte[0], "UNIMPLEMENTED", ""));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsRefusedByNameAndTheChannelGoesOn(Bad bad) throws InvalidProtocolBufferException {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> RawCall.send(running.channel, bad.method, bad.message));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.valueOf(bad.code));
        assertThat(field(refusal)).isEqualTo(bad.field);
        assertThat(refusal.getStatus().getDescription())
                .contains(bad.field)
                .doesNotContain(SECRET)
                .hasSizeLessThan(200);
        assertThat(running.stub().extract(GOOD).getUsage().getWords()).isEqualTo(2);
        assertThat(running.server.requestsInFlight()).isZero();
    }

    @Test
    void aTextThatIsTooLongIsToldHowLongItIs() {
        assertThat(refusal(tooLong(385)))
                .isEqualTo("text must have at most 384 words, but has 385; long_text WINDOW searches all of it, in"
                        + " windows, TRUNCATE its first words");
        assertThat(refusal(tooLong(1234))).contains("but has 1234;");
    }

    /** Whoever gives too much of something is told how much that is. */
    @Test
    void whatIsTooMuchIsToldHowMuchItIs() {
        assertThat(refusal(GOOD.toBuilder().setText("ä".repeat((1 << 19) + 1)).build()))
                .isEqualTo("text must have at most 1048576 bytes of UTF-8, but has 1048578");
        assertThat(refusal(GOOD.toBuilder().setRequestId("a".repeat(130)).build()))
                .isEqualTo("request_id must have at most 128 bytes of UTF-8, but has 130");
        assertThat(refusal(GOOD.toBuilder().addLabels("😀".repeat(65)).build()))
                .isEqualTo("labels[2] must have at most 256 bytes of UTF-8, but has 260");
        assertThat(refusal(GOOD.toBuilder()
                        .addAllLabels(Collections.nCopies(105, "x"))
                        .build()))
                .isEqualTo("labels must hold at most 100 labels, but holds 107");
        StatusRuntimeException batch = catchThrowableOfType(
                StatusRuntimeException.class, () -> running.stub().extractBatch(batchOf(34)));
        assertThat(batch.getStatus().getDescription())
                .isEqualTo("requests must hold at most 32 requests, but holds 34");
    }

    private static ExtractRequest tooLong(int words) {
        return RunningServer.request("a ".repeat(words), "city").toBuilder()
                .setOptions(REJECT)
                .build();
    }

    @Test
    void aPriorityOfAContractToComeIsRefused() {
        assertThat(refusal(GOOD.toBuilder().setPriorityValue(77).build()))
                .isEqualTo("priority must be a value of nuner.v1.Priority");
    }

    private static String refusal(ExtractRequest request) {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> running.stub().extract(request));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return String.valueOf(refusal.getStatus().getDescription());
    }

    @Test
    void limitsThemselvesAreAccepted() {
        ExtractRequest atTheLimits = ExtractRequest.newBuilder()
                .setText("a".repeat(1 << 20))
                .addLabels("a".repeat(256))
                .addLabels("ä".repeat(128))
                .setRequestId("a".repeat(128))
                .setOptions(threshold(1))
                .build();

        assertThat(running.stub().extract(atTheLimits).getUsage().getWords()).isEqualTo(1);
        assertThat(running.stub().extractBatch(batchOf(32)).getItemsCount()).isEqualTo(32);
    }

    @Test
    void aBadItemOfABatchFailsAlone() throws InvalidProtocolBufferException {
        ExtractBatchRequest request = ExtractBatchRequest.newBuilder()
                .addRequests(GOOD)
                .addRequests(GOOD.toBuilder().addLabels("city"))
                .addRequests(GOOD)
                .build();

        var items = running.stub().extractBatch(request).getItemsList();

        assertThat(items.get(0).hasResponse()).isTrue();
        assertThat(items.get(2).hasResponse()).isTrue();
        com.google.rpc.Status error = items.get(1).getError();
        assertThat(error.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(error.getDetails(0)
                        .unpack(BadRequest.class)
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo("requests[1].labels[2]");
    }

    private static Bad extract(String name, ExtractRequest.Builder request, String field) {
        return new Bad(name, EXTRACT, request.build().toByteArray(), "INVALID_ARGUMENT", field);
    }

    private static Bad options(String name, ExtractOptions.Builder options, String field) {
        return extract(name, GOOD.toBuilder().setOptions(options), "options." + field);
    }

    private static ExtractOptions.Builder threshold(float value) {
        return ExtractOptions.newBuilder().setThreshold(value);
    }

    private static ExtractBatchRequest batchOf(int texts) {
        return ExtractBatchRequest.newBuilder()
                .addAllRequests(Collections.nCopies(texts, GOOD))
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String field(StatusRuntimeException refusal) throws InvalidProtocolBufferException {
        com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
        if (status == null
                || status.getDetailsCount() == 0
                || !status.getDetails(0).is(BadRequest.class)) {
            return "";
        }
        return status.getDetails(0)
                .unpack(BadRequest.class)
                .getFieldViolations(0)
                .getField();
    }

    static final class Bad {
        private final String name;
        private final String method;
        private final byte[] message;
        private final String code;
        private final String field;

        private Bad(String name, String method, byte[] message, String code, String field) {
            this.name = name;
            this.method = method;
            this.message = message;
            this.code = code;
            this.field = field;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void aConnectionOutlivesManyMessagesThatAreTooLarge() {
        var stub = running.stub();
        ExtractRequest large = GOOD.toBuilder().setText("x".repeat(3 << 20)).build();

        for (int call = 0; call < 300; call++) { // more than may be open at a time
            assertThatThrownBy(
                            () -> stub.withDeadlineAfter(10, TimeUnit.SECONDS).extract(large))
                    .hasMessageStartingWith("INVALID_ARGUMENT");
        }

        assertThat(stub.withDeadlineAfter(10, TimeUnit.SECONDS).extract(GOOD)).isNotNull();
    }
}
