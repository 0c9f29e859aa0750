package io.nuner.model.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextWindowsTest {
    @Test
    void windowsOfAnEvenTextShareTheOverlap() {
        List<Window> windows = windows("w ".repeat(100), 40, 8);

        assertThat(windows).extracting(Window::from).containsExactly(0, 32, 64);
        assertThat(windows).extracting(Window::to).containsExactly(40, 72, 100);
        assertThat(windows).extracting(Window::ownTo).containsExactly(36, 68, 100);
    }

    @Test
    void aWindowIsEncodedWhenItIsAskedFor() {
        FakeEncoder encoder = new FakeEncoder(word -> 1);
        TextWindows windows = new TextWindows(
                WordSplitter.split("w ".repeat(1_000)), oneLabel(), encoder, new WindowLimits(40, 1_000, 8), 1);
        windows.next();

        assertThat(encoder.tokenized()).isLessThanOrEqualTo(41);
    }

    /** Words 33 to 39 are the last quarter; the sentence ends behind word 35. */
    @ParameterizedTest
    @ValueSource(strings = {". ", "? ", ".\" ", "!) ", "\u2026 ", "\n\n", "\r\n\r\n", "\u3002", " \n \n "})
    void aWindowEndsWithTheLastSentenceOrParagraphOfItsLastQuarter(String end) {
        String text = "w ".repeat(20) + ". " + "w ".repeat(14) + "w" + end + "w ".repeat(60);
        Words words = WordSplitter.split(text);
        int behind = WordSplitter.split("w ".repeat(20) + ". " + "w ".repeat(14) + "w" + end)
                .count();

        Window first = windows(text, 40, 8).get(0);

        assertThat(first.to()).isEqualTo(behind);
        assertThat(words.word(first.to())).isEqualTo("w");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ", ", "\n", "; ", " - "})
    void aWindowIsFullWhereNoSentenceEnds(String end) {
        String text = "w ".repeat(35) + "w" + end + "w ".repeat(60);

        assertThat(windows(text, 40, 8).get(0).to()).isEqualTo(40);
    }

    @Test
    void theNextWindowStartsWithASentenceUpToTwiceTheOverlapBefore() {
        assertThat(windows("w ".repeat(26) + ". " + "w ".repeat(80), 40, 8)
                        .get(1)
                        .from())
                .isEqualTo(27);
        assertThat(windows("w ".repeat(22) + ". " + "w ".repeat(80), 40, 8)
                        .get(1)
                        .from())
                .isEqualTo(32);
    }

    @Test
    void aWordThatFillsMoreThanARowIsReadByItsFirstTokens() {
        Words words = WordSplitter.split("a b " + "x".repeat(500) + " c d");
        TextWindows windows =
                new TextWindows(words, oneLabel(), new FakeEncoder(String::length), new WindowLimits(40, 105, 4), 1);

        Window window = windows.next();

        assertThat(window.last()).isTrue();
        assertThat(window.shortenedWords()).isEqualTo(1);
        assertThat(window.rows().get(0).words()).isSameAs(words);
        assertThat(window.rows().get(0).textTokens()).isEqualTo(4 + 100 / 4 + 1);
    }

    @Test
    void thereIsNothingBehindTheEnd() {
        TextWindows windows = new TextWindows(
                WordSplitter.split("w"), oneLabel(), new FakeEncoder(word -> 1), new WindowLimits(4, 10, 1), 1);
        windows.next();

        assertThat(windows.hasNext()).isFalse();
        assertThatThrownBy(windows::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void labelsThatLeaveNoRoomAreRefusedWithTheNumbers() {
        assertThatThrownBy(() -> new TextWindows(
                        WordSplitter.split("w"), oneLabel(), new FakeEncoder(word -> 1), new WindowLimits(4, 5, 1), 1))
                .hasMessage("labels of 4 tokens leave no room for text in 5");
    }

    private static List<Window> windows(String text, int maxWords, int overlap) {
        TextWindows windows = new TextWindows(
                WordSplitter.split(text),
                oneLabel(),
                new FakeEncoder(word -> 1),
                new WindowLimits(maxWords, 1_000, overlap),
                1);
        List<Window> all = new ArrayList<>();
        while (windows.hasNext()) {
            all.add(windows.next());
        }
        return all;
    }

    private static LabelGroups oneLabel() {
        return LabelGroups.whole(FakeEncoder.prompt(1, 1));
    }
}
