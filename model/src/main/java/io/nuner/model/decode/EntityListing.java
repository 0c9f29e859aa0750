package io.nuner.model.decode;

import io.nuner.model.decode.Candidates.State;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The listing of kept candidates as entities: by start, those that start together by falling score. One thread. */
final class EntityListing {
    private final Candidates candidates;
    private final Words words;
    private final boolean everyLabel;

    /**
     * A listing of one text.
     *
     * @param everyLabel whether a span is an entity for each label that passes, or only for the most probable one
     */
    EntityListing(Candidates candidates, Words words, boolean everyLabel) {
        this.candidates = candidates;
        this.words = words;
        this.everyLabel = everyLabel;
    }

    /** How many entities the candidates are. */
    long count(int[] kept) {
        return everyLabel ? Arrays.stream(kept).mapToLong(this::labelsOf).sum() : kept.length;
    }

    /**
     * The entities.
     *
     * @param kept by falling probability, or by start where no two start together
     * @param count how many they are
     */
    List<EntitySpan> of(int[] kept, long count) {
        List<EntitySpan> entities = new ArrayList<>(Math.toIntExact(count));
        if (everyLabel) {
            addWithEveryLabel(kept, entities);
        } else {
            for (int candidate : byStart(kept)) {
                entities.add(entity(candidate, candidates.label(candidate), candidates.probability(candidate)));
            }
        }
        for (int candidate : kept) {
            candidates.become(State.LISTED, candidate);
        }
        return entities;
    }

    private int labelsOf(int candidate) {
        int count = 0;
        for (float probability : candidates.probabilities(candidate)) {
            count += probability >= 0 ? 1 : 0;
        }
        return count;
    }

    /** Orders by start; candidates that start together keep their order. */
    private int[] byStart(int[] kept) {
        if (isByStart(kept)) {
            return kept;
        }
        long[] keys = new long[kept.length];
        for (int i = 0; i < kept.length; i++) {
            keys[i] = (long) candidates.start(kept[i]) << Integer.SIZE | i;
        }
        int[] order = Candidates.sorted(keys);
        for (int i = 0; i < order.length; i++) {
            order[i] = kept[order[i]];
        }
        return order;
    }

    private boolean isByStart(int[] kept) {
        for (int i = 1; i < kept.length; i++) {
            if (candidates.start(kept[i]) < candidates.start(kept[i - 1])) {
                return false;
            }
        }
        return true;
    }

    private void addWithEveryLabel(int[] kept, List<EntitySpan> entities) {
        int[] inOrder = kept.clone();
        Arrays.sort(inOrder); // candidates are numbered by start, then by width
        for (int from = 0; from < inOrder.length; ) {
            int to = from + 1;
            while (to < inOrder.length && candidates.start(inOrder[to]) == candidates.start(inOrder[from])) {
                to++;
            }
            addByProbability(Arrays.copyOfRange(inOrder, from, to), entities);
            from = to;
        }
    }

    /** Adds all labels of spans that start together. */
    private void addByProbability(int[] together, List<EntitySpan> entities) {
        List<EntitySpan> all = new ArrayList<>();
        for (int candidate : together) {
            float[] probabilities = candidates.probabilities(candidate);
            for (int label = 0; label < probabilities.length; label++) {
                if (probabilities[label] >= 0) {
                    all.add(entity(candidate, label, probabilities[label]));
                }
            }
        }
        long[] keys = new long[all.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Candidates.key(all.get(i).score(), i);
        }
        for (int index : Candidates.sorted(keys)) {
            entities.add(all.get(index));
        }
    }

    private EntitySpan entity(int candidate, int label, float probability) {
        return new EntitySpan(
                words.start(candidates.start(candidate)), words.end(candidates.last(candidate)), label, probability);
    }
}
