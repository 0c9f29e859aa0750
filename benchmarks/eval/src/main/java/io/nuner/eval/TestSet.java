package io.nuner.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The texts of a file and what to ask for in each of them. Immutable.
 *
 * @param texts in the order of the file
 * @param types the types of the file that are asked for, by label, both sorted
 * @param leftOut the types of the file that are not asked for, sorted
 */
public record TestSet(List<AnnotatedText> texts, SortedMap<String, List<String>> types, List<String> leftOut) {
    public TestSet {
        texts = List.copyOf(texts);
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        leftOut = List.copyOf(leftOut);
    }

    /** All sentences, each to be asked for all labels of the types that occur in any of them. */
    public static TestSet of(List<Sentence> sentences, LabelMap labels) {
        SortedMap<String, List<String>> asked = new TreeMap<>();
        List<String> leftOut = new ArrayList<>();
        for (String type : typesIn(sentences)) {
            Optional<String> label = labels.label(type);
            label.ifPresentOrElse(
                    known -> asked.computeIfAbsent(known, any -> new ArrayList<>())
                            .add(type),
                    () -> leftOut.add(type));
        }
        List<AnnotatedText> texts = sentences.stream()
                .map(sentence -> AnnotatedText.of(sentence, labels))
                .toList();
        return new TestSet(texts, asked, leftOut);
    }

    /** The types that occur. */
    public static SortedSet<String> typesIn(List<Sentence> sentences) {
        SortedSet<String> types = new TreeSet<>();
        for (Sentence sentence : sentences) {
            sentence.entities().forEach(entity -> types.add(entity.type()));
        }
        return types;
    }

    /** The labels to ask for, sorted. */
    public List<String> labels() {
        return List.copyOf(types.keySet());
    }

    /** Only its first texts; the labels stay. */
    public TestSet first(int count) {
        return new TestSet(texts.subList(0, Math.min(count, texts.size())), types, leftOut);
    }
}
