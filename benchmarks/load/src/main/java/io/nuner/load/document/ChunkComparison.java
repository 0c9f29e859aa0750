package io.nuner.load.document;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the server's windows with what callers do without them: chunks of 250 characters, chunks of 384 words that do not
 * overlap, truncation. Prints a table: spans found, spans of the windows that a method misses, adds or cuts at a border of its
 * chunks, and time.
 */
public final class ChunkComparison {
    private static final int CHARACTERS = 250;
    private static final int WORDS = 384;
    private static final int TEXTS_PER_CALL = 32;
    /** The words of gliner 0.1.12, modules/token_splitter.py. */
    private static final Pattern WORD = Pattern.compile("\\w+(?:[-_]\\w+)*|\\S", Pattern.UNICODE_CHARACTER_CLASS);

    private final LongTextClient client;

    private ChunkComparison(LongTextClient client) {
        this.client = client;
    }

    /** Takes the server's target, a folder of .txt files, the number of rounds, and the labels. */
    public static void main(String[] args) throws IOException {
        List<String> labels = List.of(args).subList(3, args.length);
        List<String> texts = texts(Path.of(args[1]));
        try (LongTextClient client = new LongTextClient(args[0], labels)) {
            new ChunkComparison(client).run(texts, Integer.parseInt(args[2]));
        }
    }

    private static List<String> texts(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private void run(List<String> texts, int rounds) {
        Method[] methods = Method.values();
        Totals[] totals = Arrays.stream(methods).map(Totals::new).toArray(Totals[]::new);
        texts.stream().limit(2).forEach(text -> client.entitiesOf(text)); // warm-up
        for (int round = 0; round < rounds; round++) {
            for (int text = 0; text < texts.size(); text++) {
                compare(texts.get(text), totals, round + text, round == 0);
            }
            Arrays.stream(totals).forEach(Totals::endOfRound);
        }
        System.out.printf(
                Locale.ROOT,
                "%d documents, %d words; medians of %d rounds, sides alternating%n%-28s %8s %8s %8s %8s %10s%n",
                texts.size(),
                texts.stream()
                        .mapToInt(text -> (int) WORD.matcher(text).results().count())
                        .sum(),
                rounds,
                "method",
                "spans",
                "missed",
                "added",
                "cut",
                "seconds");
        Arrays.stream(totals).forEach(total -> System.out.println(total.line()));
    }

    /** Asks in another order each time, so that no method always has the warm caches. */
    private void compare(String text, Totals[] totals, int turn, boolean count) {
        Map<Method, Set<Span>> found = new EnumMap<>(Method.class);
        for (int i = 0; i < totals.length; i++) {
            Totals total = totals[(i + turn) % totals.length];
            long start = System.nanoTime();
            found.put(total.method, total.method.find(text, client));
            total.nanos += System.nanoTime() - start;
        }
        if (count) {
            Set<Span> windows = found.getOrDefault(Method.WINDOWS, Set.of());
            for (Totals total : totals) {
                total.count(found.getOrDefault(total.method, Set.of()), windows, text);
            }
        }
    }

    /** A labelled span. Immutable. */
    private record Span(int start, int end, String label) {
        static Span of(Entity entity, int offset) {
            return new Span(entity.getStart() + offset, entity.getEnd() + offset, entity.getLabel());
        }
    }

    /** A way to search a long text. */
    private enum Method {
        WINDOWS("windows of the server") {
            @Override
            Set<Span> find(String text, LongTextClient client) {
                Set<Span> spans = new HashSet<>();
                client.entitiesOf(text).forEach(entity -> spans.add(Span.of(entity, 0)));
                return spans;
            }

            @Override
            List<Integer> borders(String text) {
                return List.of(0);
            }
        },
        CHARACTER_CHUNKS("chunks of 250 characters") {
            @Override
            Set<Span> find(String text, LongTextClient client) {
                return inChunks(text, borders(text), client);
            }

            // behind the first white space after 250 characters, as gliner-spacy does
            @Override
            List<Integer> borders(String text) {
                List<Integer> borders = new ArrayList<>();
                int at = 0;
                while (at < text.length()) {
                    borders.add(at);
                    at = Math.min(text.length(), at + CHARACTERS);
                    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                        at++;
                    }
                }
                return borders;
            }
        },
        WORD_CHUNKS("chunks of 384 words") {
            @Override
            Set<Span> find(String text, LongTextClient client) {
                return inChunks(text, borders(text), client);
            }

            @Override
            List<Integer> borders(String text) {
                List<Integer> borders = new ArrayList<>(List.of(0));
                Matcher words = WORD.matcher(text);
                for (int count = 0; words.find(); count++) {
                    if (count > 0 && count % WORDS == 0) {
                        borders.add(words.start());
                    }
                }
                return borders;
            }
        },
        TRUNCATION("truncation at 384 words") {
            @Override
            Set<Span> find(String text, LongTextClient client) {
                Set<Span> spans = new HashSet<>();
                client.extract(text, LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                        .getEntitiesList()
                        .forEach(entity -> spans.add(Span.of(entity, 0)));
                return spans;
            }

            @Override
            List<Integer> borders(String text) {
                return List.of(0);
            }
        };

        private final String title;

        Method(String title) {
            this.title = title;
        }

        abstract Set<Span> find(String text, LongTextClient client);

        /** Where its chunks begin. */
        abstract List<Integer> borders(String text);

        private static Set<Span> inChunks(String text, List<Integer> borders, LongTextClient client) {
            Set<Span> spans = new HashSet<>();
            for (int from = 0; from < borders.size(); from += TEXTS_PER_CALL) {
                List<Integer> some = borders.subList(from, Math.min(borders.size(), from + TEXTS_PER_CALL));
                int end = from + some.size();
                UnaryOperator<Integer> endOf =
                        chunk -> chunk + 1 < borders.size() ? borders.get(chunk + 1) : text.length();
                List<String> chunks = new ArrayList<>();
                for (int chunk = from; chunk < end; chunk++) {
                    chunks.add(text.substring(borders.get(chunk), endOf.apply(chunk)));
                }
                addAll(client.extractBatch(chunks, LongTextPolicy.LONG_TEXT_POLICY_WINDOW), some, spans);
            }
            return spans;
        }

        private static void addAll(List<ExtractResponse> answers, List<Integer> starts, Set<Span> spans) {
            for (int i = 0; i < answers.size(); i++) {
                int offset = starts.get(i);
                answers.get(i).getEntitiesList().forEach(entity -> spans.add(Span.of(entity, offset)));
            }
        }
    }

    /** The sums of one method. One thread. */
    private static final class Totals {
        private final Method method;
        private final List<Long> rounds = new ArrayList<>();
        private long nanos;
        private int spans;
        private int missed;
        private int added;
        private int cut;

        Totals(Method method) {
            this.method = method;
        }

        void count(Set<Span> found, Set<Span> windows, String text) {
            spans += found.size();
            missed +=
                    (int) windows.stream().filter(span -> !found.contains(span)).count();
            added +=
                    (int) found.stream().filter(span -> !windows.contains(span)).count();
            for (int border : method.borders(text)) {
                cut += (int) windows.stream()
                        .filter(span -> span.start() < border && border < span.end())
                        .count();
            }
        }

        void endOfRound() {
            rounds.add(nanos);
            nanos = 0;
        }

        String line() {
            double seconds = rounds.stream().sorted().toList().get(rounds.size() / 2) / 1e9;
            return String.format(
                    Locale.ROOT, "%-28s %8d %8d %8d %8d %10.2f", method.title, spans, missed, added, cut, seconds);
        }
    }
}
