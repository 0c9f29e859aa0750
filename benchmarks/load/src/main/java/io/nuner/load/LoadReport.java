package io.nuner.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.load.TextPool.TextFile;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report of a run, as it stands in its JSON. Immutable.
 *
 * @param date when it ended, in ISO 8601, UTC
 * @param note what must be known before a figure is used
 * @param interrupted true if it was stopped before its end
 */
public record LoadReport(
        String date,
        String mode,
        String note,
        boolean interrupted,
        Options options,
        Server server,
        Generator generator,
        List<StepReport> steps) {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    public LoadReport {
        steps = List.copyOf(steps);
    }

    /**
     * The report of a run that has just ended.
     *
     * @param info what the server said of itself
     */
    public static LoadReport of(
            LoadSchedule schedule,
            boolean interrupted,
            Options options,
            GetServerInfoResponse info,
            List<StepReport> steps) {
        return new LoadReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                mode(schedule),
                note(schedule),
                interrupted,
                options,
                Server.of(info),
                Generator.here(),
                steps);
    }

    public String toJson() {
        return GSON.toJson(this);
    }

    /** The name of the kind of loop that a schedule runs. */
    private static String mode(LoadSchedule schedule) {
        return schedule.steps().get(0).isOpen() ? "open-loop" : "closed-loop";
    }

    /** What a reader must know of the figures of a schedule. */
    static String note(LoadSchedule schedule) {
        return schedule.steps().get(0).isOpen()
                ? "Latencies count from the time each call should have started."
                : "Closed loop: it finds the capacity. Its latencies leave out the calls that a slow answer held back,"
                        + " and are no claim about latency.";
    }

    /** What was asked for; with the seed, the same calls are made again. */
    public record Options(
            String target,
            long seed,
            String spacing,
            double warmUpSeconds,
            boolean continuous,
            int connections,
            long deadlineMillis,
            Map<String, Double> tenants,
            double bulk,
            double cancels,
            double timeouts,
            double malformed,
            Asked asked) {
        /** The options of a run. */
        public static Options of(String target, int connections, LoadSchedule schedule, Traffic traffic, Asked asked) {
            Map<String, Double> tenants = new TreeMap<>();
            traffic.tenants().forEach(tenant -> tenants.put(tenant.name(), tenant.weight()));
            return new Options(
                    target,
                    schedule.seed(),
                    schedule.spacing().name(),
                    schedule.warmUp().toNanos() / 1e9,
                    schedule.continuous(),
                    connections,
                    traffic.deadline().toMillis(),
                    tenants,
                    traffic.bulk(),
                    traffic.cancels(),
                    traffic.timeouts(),
                    traffic.malformed(),
                    asked);
        }
    }

    /**
     * What was asked about.
     *
     * @param files where the texts come from; empty for those that come with the harness
     */
    public record Asked(List<String> files, int texts, int labelSets) {
        public static Asked of(List<TextFile> files, TextPool texts, LabelSets labels) {
            List<String> names = files.stream()
                    .map(file -> file.file() + "=" + file.weight())
                    .toList();
            return new Asked(names, texts.size(), labels.size());
        }
    }

    /** Who answered. */
    public record Server(
            String version,
            String model,
            String modelSha256,
            String engine,
            String engineVersion,
            String device,
            int lanes,
            int maxRows,
            int maxPaddedTokens) {
        private static Server of(GetServerInfoResponse info) {
            var engine = info.getEngine();
            return new Server(
                    info.getServerVersion(),
                    info.getModel().getName(),
                    info.getModel().getSha256(),
                    engine.getName(),
                    engine.getVersion(),
                    engine.getDevice(),
                    engine.getLanes(),
                    info.getBatchCosts().getMaxRows(),
                    info.getBatchCosts().getMaxPaddedTokens());
        }
    }

    /** Where the calls came from. */
    public record Generator(String java, int processors) {
        private static Generator here() {
            return new Generator(
                    System.getProperty("java.runtime.version", "unknown"),
                    Runtime.getRuntime().availableProcessors());
        }
    }
}
