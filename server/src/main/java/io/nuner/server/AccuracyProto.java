package io.nuner.server;

import io.nuner.model.Accuracy;
import io.nuner.model.Quantization;
import io.nuner.v1.EntityAgreement;
import io.nuner.v1.LabelCountAgreement;
import io.nuner.v1.QuantizationAccuracy;
import io.nuner.v1.SampleAccuracy;

/** What a manifest says of rounded weights, as {@code GetServerInfo} tells it. */
final class AccuracyProto {
    private AccuracyProto() {}

    static QuantizationAccuracy of(Quantization quantization, Accuracy accuracy) {
        QuantizationAccuracy.Builder message = QuantizationAccuracy.newBuilder()
                .setWeights(quantization.weights())
                .setRecipe(quantization.recipe())
                .setRecipeVersion(quantization.version())
                .setBundledTexts(sample(accuracy.bundled()))
                .setLossAccepted(accuracy.lossAccepted());
        if (accuracy.own() != null) {
            message.setOwnTexts(sample(accuracy.own()));
        }
        return message.build();
    }

    private static SampleAccuracy sample(Accuracy.Sample sample) {
        Accuracy.Scores scores = sample.scores();
        return SampleAccuracy.newBuilder()
                .setTexts(sample.texts())
                .setEntities(entities(sample.entities()))
                .setDecidedEntities(entities(sample.decided()))
                .setScores(scores.count())
                .setMeanDifference(scores.mean())
                .setP999Difference(scores.p999())
                .setMaxDifference(scores.max())
                .setFlips(scores.flips())
                .addAllByLabelCount(sample.byLabels().stream()
                        .map(AccuracyProto::labelCount)
                        .toList())
                .build();
    }

    private static EntityAgreement entities(Accuracy.Entities entities) {
        return EntityAgreement.newBuilder()
                .setExact(entities.exact())
                .setRounded(entities.rounded())
                .setEqual(entities.equal())
                .setAgreement(entities.agreement())
                .build();
    }

    private static LabelCountAgreement labelCount(Accuracy.LabelCount count) {
        return LabelCountAgreement.newBuilder()
                .setFewestLabels(count.fewest())
                .setMostLabels(count.most() == Integer.MAX_VALUE ? 0 : count.most())
                .setTexts(count.texts())
                .setEntities(entities(count.entities()))
                .build();
    }
}
