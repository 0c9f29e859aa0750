package io.nuner.model.accuracy;

import io.nuner.engine.RowLogits;
import java.util.BitSet;

/**
 * The words of a text that a model does not decide by a margin: those whose best score, of all spans that hold the word and all
 * labels, is near the threshold, or above it and near the next best. Immutable.
 */
final class WordDecisions {
    /** What is nearer than this is undecided. */
    static final double MARGIN = 0.05;

    private final BitSet undecided;

    private WordDecisions(BitSet undecided) {
        this.undecided = undecided;
    }

    static WordDecisions of(RowLogits logits) {
        TwoBest[] words = new TwoBest[logits.words()];
        for (int word = 0; word < words.length; word++) {
            words[word] = new TwoBest();
        }
        for (int start = 0; start < words.length; start++) {
            int widths = Math.min(logits.maxWidth(), words.length - start);
            for (int width = 0; width < widths; width++) {
                TwoBest span = TwoBest.of(logits, start, width);
                span.offerTo(words, start, start + width);
            }
        }
        BitSet undecided = new BitSet(words.length);
        for (int word = 0; word < words.length; word++) {
            undecided.set(word, words[word].isNear());
        }
        return new WordDecisions(undecided);
    }

    /** Whether all words from the first to the last one are decided, and the ones beside them. */
    boolean isDecided(int first, int last) {
        int found = undecided.nextSetBit(Math.max(0, first - 1));
        return found < 0 || found > last + 1;
    }

    /** The two highest scores of something. */
    private static final class TwoBest {
        private double best;
        private double next;

        static TwoBest of(RowLogits logits, int start, int width) {
            TwoBest span = new TwoBest();
            for (int label = 0; label < logits.labels(); label++) {
                span.offer(RowLogits.probability(logits.at(start, width, label)));
            }
            return span;
        }

        void offerTo(TwoBest[] words, int first, int last) {
            for (int word = first; word <= last; word++) {
                words[word].offer(best);
                words[word].offer(next);
            }
        }

        private void offer(double score) {
            if (score > best) {
                next = best;
                best = score;
            } else {
                next = Math.max(next, score);
            }
        }

        boolean isNear() {
            return Math.abs(best - ScoreDifferences.THRESHOLD) < MARGIN
                    || (best > ScoreDifferences.THRESHOLD && best - next < MARGIN);
        }
    }
}
