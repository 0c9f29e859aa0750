package io.nuner.eval;

import io.nuner.eval.Labelled.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far two sides find the same entities, right or wrong: the same characters with the same label. Immutable.
 *
 * @param equal found by both
 * @param onlyA found by A alone
 * @param onlyB found by B alone
 * @param share of the equal ones among all that either finds; 1 if there are none
 * @param textsThatDiffer number of texts in which the sides do not find the same
 */
public record SpanAgreement(long equal, long onlyA, long onlyB, double share, int textsThatDiffer) {
    /** The agreement of the entities that each found, text by text. */
    static SpanAgreement of(List<Set<Span>> a, List<Set<Span>> b) {
        long equal = 0;
        long onlyA = 0;
        long onlyB = 0;
        int textsThatDiffer = 0;
        for (int text = 0; text < a.size(); text++) {
            Set<Span> both = new HashSet<>(a.get(text));
            both.retainAll(b.get(text));
            equal += both.size();
            onlyA += a.get(text).size() - both.size();
            onlyB += b.get(text).size() - both.size();
            textsThatDiffer += a.get(text).equals(b.get(text)) ? 0 : 1;
        }
        long either = equal + onlyA + onlyB;
        return new SpanAgreement(equal, onlyA, onlyB, either == 0 ? 1 : (double) equal / either, textsThatDiffer);
    }
}
