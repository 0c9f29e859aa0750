package io.nuner.model.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelGroups.TooLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelGroupsTest {
    @ParameterizedTest
    @CsvSource({"1, 98", "10, 89", "23, 76", "24, 75", "25, 75", "1000, 75"})
    void labelsMayHaveWhatTheTextLeavesOrThreeQuartersOfARow(int words, int room) {
        FakeEncoder encoder = new FakeEncoder(word -> 1);
        Words text = WordSplitter.split("w ".repeat(words));

        assertThat(LabelGroups.roomForLabels(FakeEncoder.prompt(37, 1), text, encoder, 100))
                .isEqualTo(room);
        assertThat(encoder.tokenized()).isBetween(1, 25);
    }

    @Test
    void theTextDoesNotMatterToLabelsThatLeaveAQuarter() {
        FakeEncoder encoder = new FakeEncoder(word -> 1);

        assertThat(LabelGroups.roomForLabels(FakeEncoder.prompt(36, 1), WordSplitter.split("w"), encoder, 100))
                .isEqualTo(75);
        assertThat(encoder.tokenized()).isZero();
    }

    /** However small a row and whatever the text, a token of it has room. */
    @ParameterizedTest
    @CsvSource({"5, 1", "6, 0", "100, 0"})
    void aTokenOfTextAlwaysHasRoom(int maxTokens, int tokensOfWord) {
        Words text = WordSplitter.split("w");
        FakeEncoder encoder = new FakeEncoder(word -> tokensOfWord);
        Prompt most = FakeEncoder.prompt(1, maxTokens);

        assertThat(LabelGroups.roomForLabels(most, text, encoder, maxTokens)).isEqualTo(maxTokens - 2);
    }

    /** Each label takes five tokens, besides the two around the labels. */
    @ParameterizedTest
    @CsvSource({"7, 10, 10", "11, 10, 10", "12, 10, 5", "27, 10, 2", "51, 10, 2", "52, 10, 1"})
    void eachGroupHoldsAsManyLabelsAsFit(int room, int labels, int groups) {
        Prompt prompt = FakeEncoder.prompt(labels, 4);

        LabelGroups split = LabelGroups.split(prompt, room).orElseThrow();

        assertThat(split.prompts()).hasSize(groups);
        assertThat(split.prompts().stream().mapToInt(Prompt::labels).sum()).isEqualTo(labels);
        assertThat(split.longest()).isLessThanOrEqualTo(room);
    }

    @Test
    void aLabelThatFitsIntoNoGroupIsNamed() {
        Prompt prompt = Prompt.of(new int[][] {{1}, {2, 3, 4, 5}, {6}}, id -> false);

        assertThat(LabelGroups.split(prompt, 6)).isEmpty();
        assertThat(LabelGroups.tooLong(prompt, 6)).contains(new TooLong(1, 7));
        assertThat(LabelGroups.tooLong(prompt, 7)).isEmpty();
    }

    @Test
    void allLabelsAreOneGroupUnlessTheyAreSplit() {
        Prompt prompt = FakeEncoder.prompt(3, 1);

        assertThat(LabelGroups.whole(prompt).prompts()).containsExactly(prompt);
    }
}
