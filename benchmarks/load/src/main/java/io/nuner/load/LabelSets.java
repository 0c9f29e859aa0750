package io.nuner.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The sets of labels that calls ask for, all equally often. Immutable. */
public final class LabelSets {
    private static final int MAX_SIZE = 12;
    private static final int SETS = 2 * MAX_SIZE;
    private static final List<String> WORDS = List.of(
            "person",
            "organization",
            "location",
            "date",
            "product",
            "event",
            "country",
            "city",
            "company",
            "song",
            "book",
            "film",
            "disease",
            "gene",
            "protein",
            "cell type",
            "chemical compound",
            "animal",
            "plant",
            "vehicle",
            "building",
            "river",
            "mountain",
            "language",
            "nationality",
            "job title",
            "university",
            "currency",
            "law",
            "weapon",
            "sports team",
            "newspaper",
            "television programme",
            "playlist",
            "restaurant",
            "weather condition",
            "method",
            "software",
            "time of day",
            "family relation");

    private final List<List<String>> sets;

    private LabelSets(List<List<String>> sets) {
        this.sets = sets.stream().map(List::copyOf).toList();
    }

    /** Given sets. */
    public static LabelSets of(List<List<String>> sets) {
        boolean usable = !sets.isEmpty()
                && sets.stream().allMatch(set -> !set.isEmpty() && set.stream().noneMatch(String::isBlank));
        if (!usable) {
            throw new IllegalArgumentException("labels must not be blank");
        }
        return new LabelSets(sets);
    }

    /** Two sets of each size from 1 to 12, chosen by a seed from everyday and scientific types. */
    public static LabelSets drawn(long seed) {
        Random random = new Random(seed);
        List<List<String>> sets = new ArrayList<>();
        for (int i = 0; i < SETS; i++) {
            List<String> words = new ArrayList<>(WORDS);
            Collections.shuffle(words, random);
            sets.add(words.subList(0, 1 + i % MAX_SIZE));
        }
        return new LabelSets(sets);
    }

    int size() {
        return sets.size();
    }

    List<String> set(int index) {
        return sets.get(index);
    }
}
