package io.nuner.server.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.text.WordSplitter;
import io.nuner.model.window.FakeEncoder;
import io.nuner.model.window.LabelGroups;
import io.nuner.model.window.TextWindows;
import io.nuner.model.window.WindowLimits;
import io.nuner.v1.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowAccountTest {
    /** Two groups of labels of 4 and 6 tokens; the word of 500 is read by a quarter of the 100 that these leave. */
    @Test
    void allRowsAndShortenedWordsAreTold() {
        LabelGroups groups = new LabelGroups(List.of(FakeEncoder.prompt(1, 1), FakeEncoder.prompt(2, 1)));
        TextWindows windows = new TextWindows(
                WordSplitter.split("a b " + "x".repeat(500) + " c"),
                groups,
                new FakeEncoder(String::length),
                new WindowLimits(10, 107, 2),
                1);
        RowAccount account = new RowAccount(2);

        account.encoded(windows.next());

        assertThat(account.usage().build())
                .isEqualTo(Usage.newBuilder()
                        .setPromptTokens(10)
                        .setTextTokens(2 * (3 + 25 + 1))
                        .setWindows(2)
                        .setLabelGroups(2)
                        .setShortenedWords(1)
                        .build());
    }
}
