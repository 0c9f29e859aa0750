package io.nuner.model.accuracy;

import io.nuner.engine.RowLogits;
import io.nuner.model.Accuracy;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.SpanDecoder;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares answers to texts, decoded as a server does unless it is asked otherwise. One thread at a time. */
final class AnswerComparison {
    private static final int[] MOST_LABELS = {1, 5, 15, Integer.MAX_VALUE};

    private final DecodeOptions decoding;
    private final EntityCount entities = new EntityCount();
    private final EntityCount decided = new EntityCount();
    private final ScoreDifferences scores = new ScoreDifferences();
    private final EntityCount[] byLabels = new EntityCount[MOST_LABELS.length];
    private final int[] textsByLabels = new int[MOST_LABELS.length];
    private int texts;

    /**
     * Nothing compared yet.
     *
     * @param merging which neighbours a server joins for this model
     */
    AnswerComparison(Merging merging) {
        decoding = new DecodeOptions((float) ScoreDifferences.THRESHOLD, false, true, merging);
        for (int group = 0; group < byLabels.length; group++) {
            byLabels[group] = new EntityCount();
        }
    }

    /** Compares the answers to one text. */
    void add(Words words, RowLogits exact, RowLogits rounded) {
        Set<FoundEntity> ofExact = FoundEntity.of(SpanDecoder.decode(exact, words, decoding), words);
        Set<FoundEntity> ofRounded = FoundEntity.of(SpanDecoder.decode(rounded, words, decoding), words);
        WordDecisions decisions = WordDecisions.of(exact);
        int group = group(exact.labels());
        texts++;
        textsByLabels[group]++;
        byLabels[group].add(ofExact, ofRounded);
        entities.add(ofExact, ofRounded);
        decided.add(decided(ofExact, decisions), decided(ofRounded, decisions));
        addScores(exact, rounded);
    }

    private static int group(int labels) {
        int group = 0;
        while (labels > MOST_LABELS[group]) {
            group++;
        }
        return group;
    }

    private static Set<FoundEntity> decided(Set<FoundEntity> found, WordDecisions decisions) {
        return found.stream()
                .filter(entity -> decisions.isDecided(entity.first(), entity.last()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void addScores(RowLogits exact, RowLogits rounded) {
        for (int start = 0; start < exact.words(); start++) {
            int spans = Math.min(exact.maxWidth(), exact.words() - start);
            for (int each = 0; each < spans * exact.labels(); each++) {
                int width = each / exact.labels();
                int label = each % exact.labels();
                scores.add(
                        RowLogits.probability(exact.at(start, width, label)),
                        RowLogits.probability(rounded.at(start, width, label)));
            }
        }
    }

    /** All that was compared. */
    Accuracy.Sample total() {
        List<Accuracy.LabelCount> counts = new ArrayList<>();
        for (int group = 0; group < byLabels.length; group++) {
            int fewest = group == 0 ? 1 : MOST_LABELS[group - 1] + 1;
            if (textsByLabels[group] > 0) {
                counts.add(new Accuracy.LabelCount(
                        fewest, MOST_LABELS[group], textsByLabels[group], byLabels[group].total()));
            }
        }
        return new Accuracy.Sample(texts, entities.total(), decided.total(), scores.total(), counts);
    }
}
