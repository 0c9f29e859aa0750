package io.nuner.gputest.stage;

import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import java.io.IOException;

/** A process that does one stage. */
public final class StageProcess {
    private static final int FAILED = 1;

    private StageProcess() {}

    /** Does the stage; returns the process's exit code. */
    @SuppressWarnings("CatchAndPrintStackTrace") // the log of the stage is where it belongs
    public static int run(Stage stage, Options options) {
        StageContext context = new StageContext(stage, options);
        try {
            Fault.of(stage).happen();
            task(stage).run(context);
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            context.failed(reason(e));
            return FAILED;
        }
    }

    private static StageTask task(Stage stage) throws IOException {
        return switch (stage) {
            case ENVIRONMENT -> new EnvironmentTask();
            case WEIGHTS -> new WeightsTask();
            case BUILD, BUILD_ONE -> new BuildTask();
            case PARITY -> new ParityTask();
            case THROUGHPUT -> new ThroughputTask();
            case LATENCY, LATENCY_WITHOUT_GRAPHS -> new LatencyTask();
            case SERVER -> new ServerTask();
            case SOAK -> new SoakTask();
            case PEAK, TORCH -> throw new IOException(stage.id() + " is done by baseline.py");
        };
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
