package io.nuner.gputest.stage;

import com.google.gson.JsonElement;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import io.nuner.gputest.result.StageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A stage's view of the run: what was asked for, how much time is left, and where figures go. Any thread. */
final class StageContext {
    private static final double SOFT_SHARE = 0.9;
    private static final double SOFT_SECONDS = 2;
    private static final double UNLIMITED_SECONDS = 3600;

    private final Options options;
    private final Path recordFile;
    private final StageRecord record = new StageRecord();
    private final long startNanos = System.nanoTime();

    StageContext(Stage stage, Options options) {
        this.options = options;
        recordFile = recordFile(stage);
    }

    private Path recordFile(Stage stage) {
        return options.out().resolve("stages").resolve(stage.id() + ".json");
    }

    Options options() {
        return options;
    }

    /** Directory of the exported model. */
    Path exported() {
        return options.work().resolve("models").resolve(options.modelName() + "-exported");
    }

    /** Seconds since the stage began. */
    double elapsedSeconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Seconds left until the stage should be done, which is some time before it is killed. */
    double leftSeconds() {
        double limit = options.times().limitSeconds();
        double soft = limit == 0 ? UNLIMITED_SECONDS : Math.max(limit / 2, SOFT_SHARE * limit - SOFT_SECONDS);
        return soft - elapsedSeconds();
    }

    /** A figure that another stage of this run found, if it did. */
    Optional<Double> found(Stage stage, String name) {
        return StageRecord.read(recordFile(stage)).value(name);
    }

    void measured(Measurement measurement) {
        record.measured(measurement);
        System.err.println(measurement.name() + ": " + measurement.text());
        write();
    }

    void note(String text) {
        record.note(text);
        write();
    }

    void fact(String name, String value) {
        record.fact(name, value);
        write();
    }

    void fact(String name, JsonElement value) {
        record.fact(name, value);
        write();
    }

    /** Says what is being done, in the log and, should the stage not come to its end, in its record. */
    void progress(String words) {
        String line = String.format(Locale.ROOT, "%.1f s: %s", elapsedSeconds(), words);
        System.err.println(line);
        fact("last step", line);
    }

    void failed(String reason) {
        record.failed(reason);
        write();
    }

    private synchronized void write() {
        try {
            record.writeTo(recordFile);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + recordFile + ": " + e.getMessage(), e);
        }
    }
}
