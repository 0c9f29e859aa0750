package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.encode.LabelRules.LabelProblem;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelRulesTest {
    private final LabelRules rules = new LabelRules();

    @Test
    void ordinaryLabelsAreAccepted() {
        assertThat(rules.check(
                        List.of("person", "Movie Character", "<ENT>", "sep", "\u65e5\u672c", "e\u0301v\u00e9nement")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u00a0\u3000", "\u2028\u0085"})
    void aLabelOfWhiteSpaceIsEmpty(String label) {
        assertThat(rules.check(List.of("person", label)))
                .contains(LabelProblem.of(1, "is empty, or holds nothing but white space"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "\u200b\ufeff", " \u001c "})
    void aLabelNobodyCanSeeIsRefused(String label) {
        assertThat(rules.check(List.of("person", label))).contains(LabelProblem.of(1, "holds no visible character"));
    }

    /** Unicode's property White_Space, as the documentation lists it. */
    @Test
    void exactlyTheWhiteSpaceOfUnicodeIsTrimmed() {
        int[] trimmed = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(each -> {
                    String character = Character.toString(each);
                    return rules.toPrompt(character + "a b" + character).equals("a b");
                })
                .toArray();

        assertThat(trimmed)
                .containsExactly(
                        0x9, 0xa, 0xb, 0xc, 0xd, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
                        0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"person", " person", "person\n", "\u3000PERSON\u00a0", "\tPerson"})
    void labelsThatDifferAtTheirEndsOrInCaseOnlyAreRefused(String label) {
        assertThat(rules.check(List.of("date", "person", label))).contains(LabelProblem.sameTokens(2, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<<ENT>>",
                "a[CLS]b",
                "\uff3bSEP\uff3d",
                "<<\u0001ENT>>",
                "<<\ud835\udc04\ud835\udc0d\ud835\udc13>>",
                "[\ud83c\udd3f\ud83c\udd30\ud83c\udd33]"
            })
    void aLabelThatSpellsATokenIsRefused(String label) {
        assertThat(rules.check(List.of(label)))
                .hasValueSatisfying(
                        problem -> assertThat(problem.fault("labels")).endsWith("which is a token of the model"));
    }

    @Test
    void thePromptIsLowerCaseInEveryLocale() {
        assertThat(rules.toPrompt("TITLE I")).isEqualTo("title i");
    }
}
