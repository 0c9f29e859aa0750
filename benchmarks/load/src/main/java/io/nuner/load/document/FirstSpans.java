package io.nuner.load.document;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.LongTextPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Measures how soon the first entities of a document come, beside the time of one window of it, and how fast the rest comes.
 * Prints each round and the medians.
 */
public final class FirstSpans {
    private FirstSpans() {}

    /** Takes the server's target, a text file, the number of words to read of it, the number of rounds, and the labels. */
    public static void main(String[] args) throws IOException {
        List<String> labels = List.of(args).subList(4, args.length);
        String[] words = Files.readString(Path.of(args[1])).split("(?<=\\s)(?=\\S)", -1);
        int wanted = Integer.parseInt(args[2]);
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < wanted; word++) {
            text.append(words[word % words.length]);
        }
        StringBuilder window = new StringBuilder();
        for (int word = 0; word < 300; word++) {
            window.append(words[word % words.length]);
        }
        try (LongTextClient client = new LongTextClient(args[0], labels)) {
            run(client, text.toString(), window.toString(), Integer.parseInt(args[3]));
        }
    }

    private static void run(LongTextClient client, String text, String window, int rounds) {
        List<Double> firsts = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        System.out.printf(
                Locale.ROOT, "%d characters%n%10s %10s %10s %10s%n", text.length(), "window", "first", "all", "spans");
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            client.extract(window, LongTextPolicy.LONG_TEXT_POLICY_WINDOW);
            double one = millis(start);
            start = System.nanoTime();
            Iterator<ExtractDocumentResponse> parts = client.document(text);
            double first = 0;
            List<Entity> spans = new ArrayList<>();
            while (parts.hasNext()) {
                spans.addAll(parts.next().getEntitiesList());
                first = first == 0 && !spans.isEmpty() ? millis(start) : first;
            }
            System.out.printf(Locale.ROOT, "%10.1f %10.1f %10.1f %10d%n", one, first, millis(start), spans.size());
            alone.add(one);
            firsts.add(first);
        }
        System.out.printf(
                Locale.ROOT,
                "medians, ms: one window %.1f, first spans %.1f, ratio %.2f%n",
                median(alone),
                median(firsts),
                median(firsts) / median(alone));
    }

    private static double millis(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
