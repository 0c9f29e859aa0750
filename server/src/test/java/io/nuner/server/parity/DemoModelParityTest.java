package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The demo model answers real texts as the Python library does: gliner 0.2.27 on the same weights in float32, one text at
 * a time, entities before merging ({@code model/demo/train/parity.py} wrote the answers).
 */
@ExtendWith(ServedDemo.class)
class DemoModelParityTest {
    private static final Path DEMO = Path.of("..", "model", "demo");
    private static final float SCORE_TOLERANCE = 1e-3f;
    private static final int IN_FLIGHT = 64;

    @Test
    void everyRealTextIsAnsweredAsThePythonLibraryDoes(ServedFixture served) throws Exception {
        List<RealText> texts = RealText.read(DEMO.resolve("parity.jsonl"));
        List<RealText> differing = new ArrayList<>();
        int entities = 0;
        double largest = 0;

        List<ExtractResponse> answers = answers(served, texts);
        for (int i = 0; i < texts.size(); i++) {
            double difference = texts.get(i).difference(answers.get(i));
            if (difference > SCORE_TOLERANCE) {
                differing.add(texts.get(i));
            }
            entities += answers.get(i).getEntitiesCount();
            largest = Math.max(largest, difference);
        }

        System.out.println("demo model: " + texts.size() + " texts, " + entities + " entities, largest difference "
                + largest + ", " + differing.size() + " differ");
        assertThat(differing).isEmpty();
        assertThat(texts).hasSizeGreaterThanOrEqualTo(500);
        assertThat(entities).isGreaterThan(texts.size());
    }

    /** All answers, some calls in flight at a time, so that batches form. */
    private static List<ExtractResponse> answers(ServedFixture served, List<RealText> texts) throws Exception {
        List<ExtractResponse> answers = new ArrayList<>();
        for (int start = 0; start < texts.size(); start += IN_FLIGHT) {
            List<Future<ExtractResponse>> pending = new ArrayList<>();
            for (RealText text : texts.subList(start, Math.min(start + IN_FLIGHT, texts.size()))) {
                pending.add(served.futures().extract(text.request()));
            }
            for (Future<ExtractResponse> answer : pending) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    /** One text, its labels, and the library's entities as {@code [start, end, label index, score]}. */
    private record RealText(String text, List<String> labels, List<JsonArray> expected) {
        static List<RealText> read(Path file) throws IOException {
            List<RealText> texts = new ArrayList<>();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                texts.add(new RealText(
                        json.get("text").getAsString(),
                        json.getAsJsonArray("labels").asList().stream()
                                .map(JsonElement::getAsString)
                                .toList(),
                        json.getAsJsonArray("entities").asList().stream()
                                .map(JsonElement::getAsJsonArray)
                                .toList()));
            }
            return texts;
        }

        ExtractRequest request() {
            return ExtractRequest.newBuilder()
                    .setText(text)
                    .addAllLabels(labels)
                    .setPriority(Priority.PRIORITY_BULK) // however slow the machine is, none may be refused
                    .setOptions(ExtractOptions.newBuilder()
                            .setMergePolicy(MergePolicy.MERGE_POLICY_NONE)
                            .setOffsetUnit(OffsetUnit.OFFSET_UNIT_CODE_POINT))
                    .build();
        }

        /** The largest difference of scores; infinite if a span or a label differs. */
        double difference(ExtractResponse answer) {
            if (answer.getEntitiesCount() != expected.size()) {
                return Double.POSITIVE_INFINITY;
            }
            double largest = 0;
            for (int i = 0; i < expected.size(); i++) {
                Entity actual = answer.getEntities(i);
                JsonArray reference = expected.get(i);
                boolean same = actual.getStart() == reference.get(0).getAsInt()
                        && actual.getEnd() == reference.get(1).getAsInt()
                        && actual.getLabelIndex() == reference.get(2).getAsInt();
                double apart = Math.abs(actual.getScore() - reference.get(3).getAsDouble());
                largest = Math.max(largest, same ? apart : Double.POSITIVE_INFINITY);
            }
            return largest;
        }
    }
}
