package io.nuner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.load.TextPool.TextFile;
import io.nuner.load.Traffic.Tenant;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    private static final int CALLS = 20_000;
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final List<Tenant> TENANTS = List.of(new Tenant("a", 3), new Tenant("b", 1));

    @TempDir
    private Path directory;

    @Test
    void theSeedAloneDecides() {
        assertThat(plans(workload(0.1, 5))).isEqualTo(plans(workload(0.1, 5))).isNotEqualTo(plans(workload(0.1, 6)));
    }

    @Test
    void callsComeInTheirShares() {
        List<NextCall> plans = plans(workload(0.1, 5));

        assertThat(share(plans, asked -> asked.tenant() == 0)).isCloseTo(0.75, within(0.02));
        assertThat(share(plans, NextCall::bulk)).isCloseTo(0.25, within(0.02));
        assertThat(share(plans, asked -> asked.kind() == NextCall.Kind.CANCELLED))
                .isCloseTo(0.1, within(0.02));
        assertThat(share(plans, asked -> asked.kind() == NextCall.Kind.SHORT_DEADLINE))
                .isCloseTo(0.2, within(0.02));
        assertThat(share(plans, asked -> asked.kind() == NextCall.Kind.MALFORMED))
                .isCloseTo(0.3, within(0.02));
        assertThat(plans.stream().map(NextCall::labels).distinct()).hasSize(24);
        assertThat(plans.stream().map(NextCall::text).distinct())
                .hasSize(TextPool.bundled().size());
    }

    @Test
    void anotherShareOfCancelsAsksForTheSameTexts() {
        List<Integer> texts =
                plans(workload(0.1, 5)).stream().map(NextCall::text).toList();

        assertThat(plans(workload(0.3, 5)).stream().map(NextCall::text)).isEqualTo(texts);
    }

    @Test
    void shortDeadlinesAreOneToTwentyMilliseconds() {
        List<NextCall> plans = plans(workload(0.1, 5));

        assertThat(plans).allSatisfy(asked -> {
            long millis = TimeUnit.NANOSECONDS.toMillis(asked.deadlineNanos());
            if (asked.kind() == NextCall.Kind.SHORT_DEADLINE) {
                assertThat(millis).isBetween(1L, 20L);
            } else {
                assertThat(millis).isEqualTo(3_000);
            }
        });
    }

    @Test
    void aMessageHoldsTextLabelsAndPriority() throws InvalidProtocolBufferException {
        Traffic traffic = new Traffic(List.of(Tenant.unnamed()), 1, 0, 0, 0, DEADLINE);
        Workload workload =
                new Workload(TextPool.of(List.of("Ada")), LabelSets.of(List.of(List.of("x", "y"))), traffic, 1);

        ExtractRequest request = ExtractRequest.parseFrom(workload.message(workload.next()));

        assertThat(request.getText()).isEqualTo("Ada");
        assertThat(request.getLabelsList()).containsExactly("x", "y");
        assertThat(request.getPriority()).isEqualTo(Priority.PRIORITY_BULK);
    }

    @Test
    void malformedMessagesAreBrokenInEveryWay() {
        ExtractRequest good =
                ExtractRequest.newBuilder().setText("Ada").addLabels("x").build();
        Set<Malformation> unreadable = new HashSet<>();
        for (Malformation malformation : Malformation.values()) {
            byte[] bad = malformation.of(good);
            assertThat(bad).as(malformation.name()).isNotEqualTo(good.toByteArray());
            if (!isReadable(bad)) {
                unreadable.add(malformation);
            }
        }

        assertThat(unreadable)
                .containsExactlyInAnyOrder(
                        Malformation.CUT_MESSAGE, Malformation.BROKEN_FIELD, Malformation.INVALID_UTF8);
    }

    @Test
    void labelSetsHaveOneToTwelveDifferentLabels() {
        LabelSets sets = LabelSets.drawn(9);

        assertThat(IntStream.range(0, sets.size()).map(i -> sets.set(i).size()).distinct())
                .hasSize(12);
        assertThat(IntStream.range(0, sets.size()).mapToObj(sets::set))
                .allSatisfy(set -> assertThat(set).doesNotHaveDuplicates());
        assertThat(sets.set(5))
                .isEqualTo(LabelSets.drawn(9).set(5))
                .isNotEqualTo(LabelSets.drawn(10).set(5));
    }

    @Test
    void bundledTextsAreMostlyShortWithALongTail() {
        TextPool texts = TextPool.bundled();
        int[] lengths = IntStream.range(0, texts.size())
                .map(i -> texts.text(i).split("\\s+").length)
                .sorted()
                .toArray();

        assertThat(lengths[lengths.length / 2]).isBetween(8, 30);
        assertThat(lengths[lengths.length - 1]).isBetween(200, 380);
    }

    @Test
    void filesHaveShares() throws IOException {
        TextFile small = TextFile.parse(file("small", "{\"text\": \"s\"}\n\n") + "=0.8");
        TextFile large = TextFile.parse(file("large", "{\"text\": \"l\", \"id\": 1}\n".repeat(9)) + "=0.2");

        TextPool texts = TextPool.read(List.of(small, large));

        Workload workload = new Workload(texts, LabelSets.drawn(1), Traffic.plain(DEADLINE), 3);
        assertThat(texts.size()).isEqualTo(10);
        assertThat(share(plans(workload), asked -> asked.text() == 0)).isCloseTo(0.8, within(0.02));
        assertThat(plans(workload).stream().map(NextCall::text).distinct()).hasSize(10);
    }

    @Test
    void aFileThatCannotBeUsedIsNamedAndNotQuoted() throws IOException {
        for (String content :
                List.of("secret", "{\"text\":\"a\"}\n{\"secret\": 1}", "[\"secret\"]", "{\"text\": \" \"}", "")) {
            String name = file("bad", content);
            assertThatThrownBy(() -> TextPool.read(List.of(TextFile.parse(name))))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(name)
                    .hasMessageNotContaining("secret");
        }
    }

    private static Workload workload(double cancels, long seed) {
        Traffic traffic = new Traffic(TENANTS, 0.25, cancels, 0.2, 0.3, DEADLINE);
        return new Workload(TextPool.bundled(), LabelSets.drawn(seed), traffic, seed);
    }

    private static List<NextCall> plans(Workload workload) {
        List<NextCall> plans = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            plans.add(workload.next());
        }
        return plans;
    }

    private static double share(List<NextCall> plans, Predicate<NextCall> predicate) {
        return (double) plans.stream().filter(predicate).count() / plans.size();
    }

    private static boolean isReadable(byte[] message) {
        try {
            return ExtractRequest.parseFrom(message).isInitialized();
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }
}
