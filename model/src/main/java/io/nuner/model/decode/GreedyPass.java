package io.nuner.model.decode;

import io.nuner.model.decode.Candidates.State;
import java.util.Arrays;

/**
 * One pass over the candidates by falling probability: each is kept unless one already kept rules it out (gliner 0.1.12,
 * modules/evaluator.py:115-162). One thread.
 *
 * <p>While a text is not complete, a candidate stays open if a more probable one may still rule it out: one that is open itself,
 * or one that is not known yet, which can only touch candidates that end behind the known words. So what is decided is what
 * would be decided if all scores were known.
 */
final class GreedyPass {
    private final Candidates candidates;
    private final int known;
    private final int words;
    private final KeptSpans kept;
    private final KeptSpans open;

    /**
     * A pass.
     *
     * @param known how many words have scores
     * @param words how many words the text has
     */
    GreedyPass(DecodeOptions options, Candidates candidates, int known, int words, int maxWidth) {
        this.candidates = candidates;
        this.known = known;
        this.words = words;
        int first = candidates.count() == 0 ? known : candidates.start(0);
        int end = Math.min(words, known + maxWidth - 1);
        kept = new KeptSpans(options, first, end - first, maxWidth);
        open = new KeptSpans(options, first, known < words ? end - first : 0, maxWidth);
    }

    /**
     * Decides what can be decided.
     *
     * @param overdue candidates that start before this word are decided as if no more came
     * @return all candidates that are kept and not listed, by falling probability
     */
    int[] decide(int overdue) {
        for (int candidate = 0; candidate < candidates.count(); candidate++) {
            if (candidates.state(candidate) != State.OPEN) {
                kept.keep(candidates.start(candidate), candidates.last(candidate));
            }
        }
        int[] winners = new int[candidates.count()];
        int count = 0;
        for (int candidate : candidates.byProbability()) {
            if (candidates.state(candidate) == State.OPEN) {
                candidates.become(outcome(candidate, overdue), candidate);
            }
            if (candidates.state(candidate) == State.KEPT) {
                winners[count++] = candidate;
            }
        }
        return Arrays.copyOf(winners, count);
    }

    private State outcome(int candidate, int overdue) {
        int start = candidates.start(candidate);
        int last = candidates.last(candidate);
        if (kept.excludes(start, last)) {
            return State.DROPPED;
        }
        if (known < words && start >= overdue && (last >= known || open.excludes(start, last))) {
            open.keep(start, last);
            return State.OPEN;
        }
        kept.keep(start, last);
        return State.KEPT;
    }
}
