package io.nuner.load.document;

import io.grpc.StatusRuntimeException;
import io.nuner.load.Connections;
import io.nuner.load.LabelSets;
import io.nuner.load.LoadRun;
import io.nuner.load.LoadSchedule;
import io.nuner.load.LoadSchedule.Spacing;
import io.nuner.load.Step;
import io.nuner.load.StepReport;
import io.nuner.load.TextPool;
import io.nuner.load.TraceLog;
import io.nuner.load.Traffic;
import io.nuner.load.Workload;
import io.nuner.v1.LongTextPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures what short texts feel of a document: an open loop of short texts, with a document in flight all the time and without
 * one, in turn. Prints each round and the medians.
 */
public final class BesideDocument {
    private static final int CONNECTIONS = 8;
    private static final int WINDOW_WORDS = 300;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String target;
    private final TextPool shortTexts;
    private final String document;
    private final List<String> labels;
    private final Duration side;

    private BesideDocument(String target, TextPool shortTexts, String document, List<String> labels, Duration side) {
        this.target = target;
        this.shortTexts = shortTexts;
        this.document = document;
        this.labels = labels;
        this.side = side;
    }

    /**
     * Takes the server's target, a JSONL file of short texts, a text file, the document's size in characters, the load as a part
     * of the capacity, seconds of a side, the number of rounds, and the labels.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        String text = Files.readString(Path.of(args[2]));
        int size = Integer.parseInt(args[3]);
        String document = text.repeat(size / text.length() + 1).substring(0, size);
        TextPool shortTexts = TextPool.read(List.of(new TextPool.TextFile(Path.of(args[1]), 1)));
        List<String> labels = List.of(args).subList(7, args.length);
        BesideDocument bench = new BesideDocument(
                args[0], shortTexts, document, labels, Duration.ofSeconds(Integer.parseInt(args[5])));
        bench.run(Double.parseDouble(args[4]), Integer.parseInt(args[6]));
    }

    private void run(double part, int rounds) throws InterruptedException {
        double capacity = measure(new Step(0, 0, 32, side), 0).rates().goodput();
        double rate = part * capacity;
        double window = windowMillis();
        System.out.printf(
                Locale.ROOT,
                "capacity %.1f texts/s, offered %.1f; one window takes %.1f ms; document of %d characters%n",
                capacity,
                rate,
                window,
                document.length());
        List<StepReport> alone = new ArrayList<>();
        List<StepReport> beside = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            boolean documentFirst = round % 2 == 1;
            for (boolean withDocument : new boolean[] {documentFirst, !documentFirst}) {
                StepReport report = withDocument ? measureBeside(rate, round) : measure(step(rate), round);
                (withDocument ? beside : alone).add(report);
                System.out.println((withDocument ? "beside " : "alone  ") + line(report));
            }
        }
        double rise = median(beside, 99) - median(alone, 99);
        System.out.printf(
                Locale.ROOT,
                "medians, ms: p50 alone %.1f, beside %.1f; p99 alone %.1f, beside %.1f: a rise of %.1f, %.2f windows%n",
                median(alone, 50),
                median(beside, 50),
                median(alone, 99),
                median(beside, 99),
                rise,
                rise / window);
    }

    private Step step(double rate) {
        return new Step(rate, rate, 0, side);
    }

    private StepReport measure(Step step, int round) throws InterruptedException {
        LoadSchedule schedule = new LoadSchedule(List.of(step), Spacing.POISSON, WARM_UP, false, 7 + round);
        Workload workload = new Workload(shortTexts, LabelSets.of(List.of(labels)), Traffic.plain(DEADLINE), 7 + round);
        try (Connections connections = Connections.open(target, false, CONNECTIONS)) {
            int maxRows = connections.serverInfo(TIMEOUT).getBatchCosts().getMaxRows();
            return new LoadRun(connections, workload, schedule, new TraceLog(workload, 0))
                    .run(status -> {}, maxRows)
                    .get(0);
        }
    }

    /** Starts the document again whenever it ends, until the side is over. */
    private StepReport measureBeside(double rate, int round) throws InterruptedException {
        LongTextClient client = new LongTextClient(target, labels);
        Thread reader = new Thread(() -> readForEver(client), "document");
        reader.start();
        try {
            return measure(step(rate), round);
        } finally {
            client.close(); // ends the call, and with it the thread
            reader.join();
        }
    }

    private void readForEver(LongTextClient client) {
        try {
            while (true) {
                client.document(document).forEachRemaining(part -> {});
            }
        } catch (StatusRuntimeException e) {
            // the side is over, and the client closed
        }
    }

    /** The median time of a batch of one window. */
    private double windowMillis() {
        String window = document.substring(0, indexBehind(WINDOW_WORDS));
        List<Double> times = new ArrayList<>();
        try (LongTextClient client = new LongTextClient(target, labels)) {
            for (int i = 0; i < 21; i++) {
                times.add(client.extract(window, LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                                .getTimings()
                                .getInferenceNanos()
                        / 1e6);
            }
        }
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    private int indexBehind(int words) {
        int at = 0;
        for (int i = 0; i < words; i++) {
            at = document.indexOf(' ', at) + 1;
        }
        return at;
    }

    private static double median(List<StepReport> reports, int percentile) {
        return reports.stream()
                .mapToDouble(report -> percentile == 50
                        ? report.latencyMillis().p50()
                        : report.latencyMillis().p99())
                .sorted()
                .skip(reports.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static String line(StepReport report) {
        return String.format(
                Locale.ROOT,
                "p50 %7.1f  p90 %7.1f  p99 %7.1f  max %7.1f ms, %s%s",
                report.latencyMillis().p50(),
                report.latencyMillis().p90(),
                report.latencyMillis().p99(),
                report.latencyMillis().max(),
                report.calls().statuses(),
                report.voided() ? ", void" : "");
    }
}
