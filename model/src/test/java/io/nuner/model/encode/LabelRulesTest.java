package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    @ValueSource(strings = {"", " ", "\t\n", "\u00a0\u3000", "\u0001", "\u200b\ufeff"})
    void aLabelNobodyCanSeeIsRefused(String label) {
        assertThat(rules.check(List.of("person", label))).contains(new LabelProblem(1, "label 1 is blank"));
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
                .hasValueSatisfying(problem -> assertThat(problem.message()).endsWith("which is a token of the model"));
    }

    @Test
    void labelsThatDifferInCaseOnlyAreRefused() {
        assertThat(rules.check(List.of("Person", "date", "PERSON")))
                .hasValueSatisfying(problem -> assertThat(problem.index()).isEqualTo(2));
    }

    @Test
    void thePromptIsLowerCaseInEveryLocale() {
        assertThat(rules.toPrompt("TITLE I")).isEqualTo("title i");
    }
}
