package io.nuner.gputest;

import io.nuner.engine.trt.process.ChildEnd;
import io.nuner.gputest.Budget.Share;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.ResultsFile;
import io.nuner.gputest.result.ResultsTable;
import io.nuner.gputest.result.StageRecord;
import io.nuner.gputest.result.StageResult;
import io.nuner.gputest.result.StageResult.Ending;
import io.nuner.gputest.result.StageResult.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run: goes through the stages, each in a process of its own, and writes results after each. The main thread runs it; the
 * thread of a shutdown stops it.
 */
final class Conductor {
    private static final double MINUTE = 60;

    /** A soak gets its own time, and some for opening the engine. */
    private static final double SOAK_START_SECONDS = 60;

    private final Options options;
    private final StageCommand commands;
    private final Budget budget;
    private final ResultsFile file;
    private final Path records;
    private final Path logs;
    private final PrintStream out;
    private final Map<Stage, StageResult> results = new EnumMap<>(Stage.class);
    private @Nullable Running running;
    private boolean over;

    private Conductor(Options options, List<String> given, PrintStream out) throws IOException {
        this.options = options;
        this.out = out;
        commands = new StageCommand(options, given);
        budget = new Budget(options.times().minutes() * MINUTE, System::nanoTime);
        records = Files.createDirectories(options.out().resolve("stages"));
        logs = Files.createDirectories(options.out().resolve("logs"));
        Files.createDirectories(options.work());
        String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        file = new ResultsFile(options.out().resolve("results.json"), options.toJson(), started);
        write("running");
    }

    /**
     * Runs all stages.
     *
     * @param given the words the options were read from
     * @return the process's exit code
     * @throws IOException if results cannot be written
     */
    static int run(Options options, List<String> given) throws IOException {
        Conductor conductor = new Conductor(options, given, System.out);
        Thread hook = new Thread(conductor::interrupted, "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return conductor.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return GpuTest.FAILED;
        }
    }

    private int run() throws InterruptedException {
        for (Stage stage : Stage.values()) {
            if (announce(stage)) {
                finish(stage, result(stage));
            }
        }
        conclude();
        boolean bad =
                results.values().stream().anyMatch(result -> result.status().isBad());
        return bad ? GpuTest.FAILED : 0;
    }

    private synchronized boolean announce(Stage stage) {
        if (!over) {
            out.println("... " + stage.id() + " " + stage.title());
        }
        return !over;
    }

    private synchronized void conclude() {
        if (!over) {
            over = true;
            writeIfPossible("finished");
            printTable("");
        }
    }

    private synchronized void finish(Stage stage, StageResult result) {
        if (over) {
            return;
        }
        results.put(stage, result);
        ResultsTable.lines(result).forEach(out::println);
        writeIfPossible("running");
    }

    private StageResult result(Stage stage) throws InterruptedException {
        String reason = reasonToSkip(stage);
        if (!reason.isEmpty()) {
            return StageResult.skipped(stage.id(), stage.title(), reason);
        }
        Share share = share(stage);
        return share.isEnough()
                ? runProcess(stage, share)
                : StageResult.skipped(stage.id(), stage.title(), share.remark());
    }

    private String reasonToSkip(Stage stage) {
        if (!options.only().contains(stage)) {
            return "not asked for";
        }
        if (stage == Stage.LATENCY_WITHOUT_GRAPHS && options.isRehearsal()) {
            return "the engine " + options.engine() + " has no CUDA graphs";
        }
        return stage == Stage.BUILD_ONE
                ? reasonNotToRescue()
                : stage.needs().map(this::reasonNotToRely).orElse("");
    }

    private String reasonNotToRescue() {
        if (isOk(Stage.BUILD)
                || results.get(Stage.BUILD) == null
                || options.build().profiles().size() == 1) {
            return "not needed";
        }
        StageResult environment = results.get(Stage.ENVIRONMENT);
        boolean hopeless = environment != null && environment.status() == Status.FAILED;
        return hopeless ? "needs S0, which is failed" : reasonNotToRely(Stage.WEIGHTS);
    }

    private boolean isOk(Stage stage) {
        StageResult result = results.get(stage);
        return result != null && result.status() == Status.OK;
    }

    /** Empty if a stage may rely on another. One that is not part of this run may have left its work in an earlier run. */
    private String reasonNotToRely(Stage need) {
        StageResult needed = results.get(need);
        boolean rescued = need == Stage.BUILD && isOk(Stage.BUILD_ONE);
        if (needed == null || rescued || !options.only().contains(need) || isOk(need)) {
            return "";
        }
        return "needs " + need.id() + ", which is " + needed.status().text();
    }

    private Share share(Stage stage) {
        double soakSeconds = options.times().soakMinutes() * MINUTE;
        if (stage == Stage.SOAK && soakSeconds > 0) {
            return new Share(soakSeconds + SOAK_START_SECONDS, "");
        }
        List<Stage> later = new ArrayList<>();
        for (Stage candidate : Stage.values()) {
            boolean timed = candidate != Stage.SOAK || soakSeconds == 0;
            if (candidate.compareTo(stage) > 0 && timed && mayStillRun(candidate)) {
                later.add(candidate);
            }
        }
        return budget.share(stage, stage.wishSeconds(), later);
    }

    private boolean mayStillRun(Stage stage) {
        boolean undecided = stage == Stage.BUILD_ONE && results.get(Stage.BUILD) == null;
        return undecided ? options.only().contains(stage) : reasonToSkip(stage).isEmpty();
    }

    private StageResult runProcess(Stage stage, Share share) throws InterruptedException {
        if (stage == Stage.BUILD_ONE) {
            commands.narrow();
        }
        Path record = record(stage);
        Path log = logs.resolve(stage.id() + ".log");
        double from = budget.elapsedSeconds();
        try {
            Files.deleteIfExists(record);
            Files.deleteIfExists(StageCommand.crashLog(logs, stage));
            ChildProcess process = begin(stage, commands.of(stage, share.seconds(), record, logs), log);
            boolean ended = process.endsWithin(share.seconds());
            StageRecord found = StageRecord.read(record);
            Ending ending = ended ? ending(stage, process, found, share.remark()) : timedOut(share.remark());
            return result(stage, ending, share, from, found);
        } catch (IOException e) {
            Ending ending = new Ending(Status.FAILED, "cannot be started: " + e.getMessage(), 0, 0);
            return result(stage, ending, share, from, new StageRecord());
        } finally {
            end();
        }
    }

    private StageResult result(Stage stage, Ending how, Share share, double from, StageRecord found) {
        Ending timed = new Ending(how.status(), how.reason(), budget.elapsedSeconds() - from, share.seconds());
        return new StageResult(stage.id(), stage.title(), timed, found);
    }

    private static Ending timedOut(String remark) {
        String cut = remark.isEmpty() ? "" : "; " + remark;
        return new Ending(Status.TIMED_OUT, "killed at its limit" + cut, 0, 0);
    }

    private Ending ending(Stage stage, ChildProcess process, StageRecord found, String remark) {
        if (!found.failure().isEmpty()) {
            return new Ending(Status.FAILED, found.failure(), 0, 0);
        }
        ChildEnd end = process.end(StageCommand.crashLog(logs, stage));
        if (!end.isGood()) {
            return new Ending(Status.FAILED, end.words(), 0, 0);
        }
        return found.skipped().isEmpty()
                ? new Ending(Status.OK, remark, 0, 0)
                : new Ending(Status.SKIPPED, found.skipped(), 0, 0);
    }

    /** Starts a process and notes it for {@link #interrupted}, unless the run is over. */
    private synchronized ChildProcess begin(Stage stage, List<String> command, Path log) throws IOException {
        if (over) {
            throw new IOException("the run is over");
        }
        ChildProcess process = ChildProcess.start(command, log);
        running = new Running(stage, process, budget.elapsedSeconds());
        return process;
    }

    private Path record(Stage stage) {
        return records.resolve(stage.id() + ".json");
    }

    private synchronized void end() {
        running = null;
    }

    /** The process is told to end: kills the stage that runs and writes what there is. */
    private synchronized void interrupted() {
        if (over) {
            return;
        }
        over = true;
        Running stage = running;
        if (stage != null) {
            stop(stage);
        }
        writeIfPossible("interrupted");
        printTable("interrupted; ");
    }

    private void stop(Running stage) {
        try {
            stage.process.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Ending ending = new Ending(Status.INTERRUPTED, "", budget.elapsedSeconds() - stage.from, 0);
        results.put(
                stage.stage,
                new StageResult(stage.stage.id(), stage.stage.title(), ending, StageRecord.read(record(stage.stage))));
    }

    /** A disk that has become full costs the file, not the run: at the end the results go to the output instead. */
    private void writeIfPossible(String progress) {
        try {
            write(progress);
        } catch (IOException e) {
            System.err.println("gpu-test: cannot write results: " + e.getMessage());
            if (over) {
                out.println(file.json(progress, budget.elapsedSeconds(), List.copyOf(results.values())));
            }
        }
    }

    private synchronized void write(String progress) throws IOException {
        file.write(progress, budget.elapsedSeconds(), List.copyOf(results.values()));
    }

    private void printTable(String remark) {
        out.println();
        ResultsTable.lines(List.copyOf(results.values())).forEach(out::println);
        out.printf("%s%.1f s; results: %s%n", remark, budget.elapsedSeconds(), file.path());
        out.flush();
    }

    /** A stage whose process lives. */
    private record Running(Stage stage, ChildProcess process, double from) {}
}
