package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.MergePolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users saw go wrong with labels and merging, asked of the demo model. */
@ExtendWith(ServedDemo.class)
class DemoModelCasesTest {
    private static final String JOBS =
            "In 1997 Steve Jobs returned to Apple in Cupertino; Marie Curie moved from Warsaw to Paris.";

    private final ServedFixture served;

    DemoModelCasesTest(ServedFixture served) {
        this.served = served;
    }

    @ParameterizedTest
    @MethodSource("mergeCases")
    void neighboursBecomeOneOrStayApart(MergeCase merge) {
        assertThat(served.calls().extract(merge.request()).getEntitiesList())
                .extracting(entity -> List.of(
                        Integer.toString(entity.getStart()), Integer.toString(entity.getEnd()), entity.getLabel()))
                .containsExactlyInAnyOrderElementsOf(merge.expected);
    }

    private static List<MergeCase> mergeCases() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(DemoModelCasesTest.class.getResourceAsStream("merge-cases.jsonl")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> new Gson().fromJson(line, MergeCase.class))
                    .toList();
        }
    }

    /** Each of these makes one person of three under the rule of the model card. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", ",", ";", "/", "|", ".", "\u2022", "&", "\u2013", "\u2028"})
    void aListStaysAListUnderConsecutive(String separator) {
        String text = String.join(separator, "Anna Schmidt", "Peter Novak", "Maria Rossi");

        assertThat(people(text, MergePolicy.MERGE_POLICY_CONSECUTIVE))
                .containsExactly("Anna Schmidt", "Peter Novak", "Maria Rossi");
        assertThat(people(text, MergePolicy.MERGE_POLICY_UNSPECIFIED)).containsExactly(text);
    }

    @Test
    void aNoBreakSpaceJoinsAsItIsMeantTo() {
        assertThat(people("Anna\u00a0Schmidt met nobody.", MergePolicy.MERGE_POLICY_CONSECUTIVE))
                .containsExactly("Anna\u00a0Schmidt");
    }

    @Test
    void labelsAreEchoedAsWrittenAndScoredAsTrimmed() {
        ExtractResponse plain = extract("Anna lives in Rome", List.of("person", "place"));
        ExtractResponse padded = extract("Anna lives in Rome", List.of("person\n", " \u3000Place"));

        assertThat(padded.getEntitiesList()).extracting(Entity::getLabel).containsExactly("person\n", " \u3000Place");
        assertThat(padded.getEntitiesList()).extracting(Entity::getLabelIndex).containsExactly(0, 1);
        assertThat(padded.getEntitiesList())
                .extracting(Entity::getScore)
                .isEqualTo(
                        plain.getEntitiesList().stream().map(Entity::getScore).toList());
        assertThat(padded.getUsage()).isEqualTo(plain.getUsage());
    }

    @ParameterizedTest
    @CsvSource({
        "' person', person",
        "person, 'person\n'",
        "Person, PERSON",
        "person, '\u00a0person\u2028'",
        "movie character, 'movie  character'",
        "'movie\u00a0character', movie character",
        "\u00e9vent, 'e\u0301vent'"
    })
    void labelsThatAreOneToTheModelAreRefusedByIndex(String label, String other) throws Exception {
        for (String text : List.of(JOBS, " ")) {
            StatusRuntimeException refusal =
                    catchThrowableOfType(StatusRuntimeException.class, () -> extract(text, List.of(label, other)));

            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refusal.getStatus().getDescription())
                    .isEqualTo("labels[1] gives the model the same tokens as labels[0]");
            assertThat(field(refusal)).isEqualTo("labels[1]");
        }
    }

    @Test
    void theRulesOfLabelsAreToldToWhoAsks() {
        var rules = served.calls()
                .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                .getLabelRules();

        assertThat(rules.getTrimmed()).isTrue();
        assertThat(rules.getLowerCased()).isTrue();
    }

    private List<String> people(String text, MergePolicy policy) {
        ExtractRequest request = ExtractRequest.newBuilder()
                .setText(text)
                .addLabels("person")
                .setOptions(ExtractOptions.newBuilder().setMergePolicy(policy))
                .build();
        return served.calls().extract(request).getEntitiesList().stream()
                .map(Entity::getText)
                .toList();
    }

    private ExtractResponse extract(String text, List<String> labels) {
        return served.calls()
                .extract(ExtractRequest.newBuilder()
                        .setText(text)
                        .addAllLabels(labels)
                        .build());
    }

    private static String field(StatusRuntimeException refusal) throws IOException {
        return Objects.requireNonNull(StatusProto.fromThrowable(refusal))
                .getDetails(0)
                .unpack(BadRequest.class)
                .getFieldViolations(0)
                .getField();
    }

    /** A line of merge-cases.jsonl; entities are start, end, label. */
    record MergeCase(
            String id,
            String text,
            List<String> labels,
            float threshold,
            @SerializedName("multi_label") boolean multiLabel,
            @SerializedName("merge_policy") String mergePolicy,
            List<List<String>> expected) {
        ExtractRequest request() {
            return ExtractRequest.newBuilder()
                    .setText(text)
                    .addAllLabels(labels)
                    .setOptions(ExtractOptions.newBuilder()
                            .setThreshold(threshold)
                            .setMultiLabel(multiLabel)
                            .setMergePolicy(MergePolicy.valueOf(mergePolicy)))
                    .build();
        }

        @Override
        public String toString() {
            return id;
        }
    }
}
