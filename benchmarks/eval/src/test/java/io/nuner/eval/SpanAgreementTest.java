package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.eval.Labelled.Span;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanAgreementTest {
    private static final Span ADA = new Span(0, 3, "person");
    private static final Span ADA_LOVELACE = new Span(0, 12, "person");
    private static final Span PLACE = new Span(0, 3, "place");

    @Test
    void entitiesOfTheSameCharactersAndLabelAreEqual() {
        SpanAgreement agreement = SpanAgreement.of(
                List.of(Set.of(ADA), Set.of(ADA), Set.of(ADA)),
                List.of(Set.of(ADA), Set.of(ADA_LOVELACE), Set.of(PLACE)));

        assertThat(agreement).isEqualTo(new SpanAgreement(1, 2, 2, 0.2, 2));
    }

    @Test
    void whatOnlyOneFindsIsTold() {
        SpanAgreement agreement =
                SpanAgreement.of(List.of(Set.of(ADA, PLACE), Set.of()), List.of(Set.of(ADA), Set.of(PLACE)));

        assertThat(agreement).isEqualTo(new SpanAgreement(1, 1, 1, 1.0 / 3, 2));
    }

    @Test
    void whoFindNothingAgree() {
        assertThat(SpanAgreement.of(List.of(Set.of()), List.of(Set.of()))).isEqualTo(new SpanAgreement(0, 0, 0, 1, 0));
    }
}
