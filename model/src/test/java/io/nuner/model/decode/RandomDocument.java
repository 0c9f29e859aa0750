package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.Prompt;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.model.window.FakeEncoder;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.LabelSet.Label;
import io.nuner.model.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

/** A random text in random windows with random scores, which differ from window to window. One thread. */
final class RandomDocument {
    private static final List<String> GAPS =
            List.of(" ", " ", " ", "", "  ", "\n", ",", ", ", "\u00a0", "\u2028", "\u3000", "\ud83d\ude00");
    private static final float[] THRESHOLDS = {0f, 0.3f, 0.5f, 0.5f, 0.9f, 0.999999f, 1f};

    final Words words;
    final LabelSet labels;
    final DecodeOptions options;
    final List<Window> windows = new ArrayList<>();
    final List<List<RowLogits>> logits = new ArrayList<>();
    private final Random random;
    private final int maxWidth;
    private final List<Integer> groups;

    RandomDocument(int maxWidth, Random random) {
        this.random = random;
        this.maxWidth = maxWidth;
        words = WordSplitter.split(text());
        groups = IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(group -> 1 + random.nextInt(3))
                .toList();
        labels = labels(groups.stream().mapToInt(Integer::intValue).sum());
        options = new DecodeOptions(
                threshold(),
                random.nextBoolean(),
                random.nextBoolean(),
                List.of(Merging.values()).get(random.nextInt(Merging.values().length)));
        cut();
    }

    /** The scores of the whole text: of each start word those of the window that owns it, NaN where a span leaves that. */
    RowLogits whole() {
        int count = labels.count();
        float[] scores = new float[words.count() * maxWidth * count];
        Arrays.fill(scores, Float.NaN);
        for (Window window : windows) {
            for (int start = window.ownFrom(); start < window.ownTo(); start++) {
                for (int width = 0; width < Math.min(maxWidth, window.to() - start); width++) {
                    copy(window, start, width, scores, (start * maxWidth + width) * count);
                }
            }
        }
        return RowLogits.wrap(words.count(), maxWidth, count, scores);
    }

    private void copy(Window window, int start, int width, float[] to, int at) {
        int label = 0;
        for (RowLogits group : logits.get(window.index())) {
            for (int i = 0; i < group.labels(); i++) {
                to[at + label] = group.at(start - window.from(), width, i);
                label++;
            }
        }
    }

    private String text() {
        boolean hasLongWords = random.nextInt(8) == 0;
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(80); i >= 0; i--) {
            int length = hasLongWords ? random.nextInt(4_000) : random.nextInt(3);
            text.append(random.nextInt(4) == 0 ? "\ud83d\ude00" : "w" + "\u00e9".repeat(length));
            text.append(GAPS.get(random.nextInt(GAPS.size())));
        }
        return text.toString();
    }

    private float threshold() {
        return THRESHOLDS[random.nextInt(THRESHOLDS.length)];
    }

    private LabelSet labels(int count) {
        List<Label> all = new ArrayList<>();
        int names = random.nextBoolean() ? count : 1 + random.nextInt(count);
        for (int label = 0; label < count; label++) {
            int name = names == count ? label : random.nextInt(names);
            OptionalDouble own = random.nextInt(3) == 0 ? OptionalDouble.of(threshold()) : OptionalDouble.empty();
            all.add(new Label("name " + name, "prompt " + label, own));
        }
        return LabelSet.of(all);
    }

    private void cut() {
        int most = 1 + random.nextInt(random.nextBoolean() ? 12 : words.count());
        int from = 0;
        int owned = 0;
        int end = 0;
        while (owned < words.count()) {
            int to = Math.min(words.count(), Math.max(end, from) + 1 + random.nextInt(most));
            int ownTo = to == words.count() ? to : owned + 1 + random.nextInt(to - owned);
            add(from, to, owned, ownTo);
            from += random.nextInt(ownTo - from + 1);
            owned = ownTo;
            end = to;
        }
    }

    private void add(int from, int to, int ownFrom, int ownTo) {
        FakeEncoder encoder = new FakeEncoder(word -> 1);
        Words part = words.range(from, to);
        List<EncodedRequest> rows = new ArrayList<>();
        List<RowLogits> scores = new ArrayList<>();
        for (int count : groups) {
            Prompt prompt = FakeEncoder.prompt(count, 1);
            rows.add(encoder.encode(part, encoder.pieces(part), prompt));
            scores.add(scores(to - from, count));
        }
        windows.add(new Window(windows.size(), from, to, ownFrom, ownTo, rows, 0, to == words.count()));
        logits.add(scores);
    }

    /** Few different values, so that many scores are equal. */
    private RowLogits scores(int words, int labels) {
        float[] scores = new float[words * maxWidth * labels];
        int rare = 1 + random.nextInt(20);
        for (int i = 0; i < scores.length; i++) {
            boolean high = random.nextInt(10) == 0;
            scores[i] = high ? 20f * random.nextInt(3) : 0.5f * (random.nextInt(12) - 7);
            scores[i] = random.nextInt(rare) == 0 ? scores[i] : -20f;
        }
        return RowLogits.wrap(words, maxWidth, labels, scores);
    }
}
