package io.nuner.server.parity;

import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.FixtureEntity;
import io.nuner.model.testing.FixturePrediction;
import io.nuner.model.testing.Fixtures;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import java.util.ArrayList;
import java.util.List;

/** One call with the reference's answer to it. Immutable. */
record Question(FixtureCase text, FixturePrediction prediction, boolean merged) {
    /** Every case under every setting, as scored and merged. */
    static List<Question> all(Fixtures fixture) {
        List<Question> questions = new ArrayList<>();
        for (FixtureCase text : fixture.cases()) {
            for (FixturePrediction prediction : text.predictions()) {
                questions.add(new Question(text, prediction, false));
                questions.add(new Question(text, prediction, true));
            }
        }
        return questions;
    }

    ExtractRequest request() {
        ExtractOptions options = ExtractOptions.newBuilder()
                .setThreshold((float) prediction.options().threshold())
                .setMultiLabel(prediction.options().multiLabel())
                .setFlatNer(prediction.options().flatNer())
                .setMergePolicy(merged ? MergePolicy.MERGE_POLICY_ADJACENT : MergePolicy.MERGE_POLICY_NONE)
                .setOffsetUnit(OffsetUnit.OFFSET_UNIT_CODE_POINT)
                .setLongText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                .build();
        return ExtractRequest.newBuilder()
                .setText(text.text())
                .addAllLabels(text.labels())
                .setOptions(options)
                .build();
    }

    /** The reference's entities; none for a blank text, where it scores a made-up word. */
    List<FixtureEntity> expected() {
        if (text.isBlank()) {
            return List.of();
        }
        return merged ? prediction.merged(text.text()) : prediction.entities();
    }

    /** Whether the answer has the reference's entities, with scores this close. */
    boolean isAnsweredBy(ExtractResponse response, double scoreTolerance) {
        List<FixtureEntity> expected = expected();
        if (response.getEntitiesCount() != expected.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!same(response.getEntities(i), expected.get(i), scoreTolerance)) {
                return false;
            }
        }
        return true;
    }

    private boolean same(Entity actual, FixtureEntity expected, double scoreTolerance) {
        return actual.getStart() == expected.start()
                && actual.getEnd() == expected.end()
                && actual.getText().equals(expected.text())
                && actual.getLabel().equals(expected.label())
                && text.labels().get(actual.getLabelIndex()).equals(expected.label())
                && Math.abs(actual.getScore() - expected.score()) <= scoreTolerance;
    }
}
