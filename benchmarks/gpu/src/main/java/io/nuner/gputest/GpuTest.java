package io.nuner.gputest;

import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.stage.StageProcess;
import java.io.IOException;
import java.util.List;

/**
 * The test of a GPU machine, started by run.sh: {@code run OPTIONS} goes through all stages, {@code stage ID OPTIONS} is what
 * it starts for each of them.
 */
public final class GpuTest {
    static final String RUN = "run";
    static final String STAGE = "stage";
    static final int FAILED = 1;
    static final int USAGE = 2;

    private GpuTest() {}

    /** Ends the process: 0 all well, 1 a stage failed, 2 the options are wrong or results cannot be written. */
    public static void main(String... args) {
        List<String> words = List.of(args);
        System.exit(exitCode(words));
    }

    private static int exitCode(List<String> words) {
        try {
            if (words.size() >= 2 && words.get(0).equals(STAGE)) {
                List<String> options = words.subList(2, words.size());
                return StageProcess.run(Stage.of(words.get(1)), Options.parse(options));
            }
            if (!words.isEmpty() && words.get(0).equals(RUN)) {
                List<String> options = words.subList(1, words.size());
                return Conductor.run(Options.parse(options), options);
            }
            throw new IllegalArgumentException("the first word must be run or stage");
        } catch (IllegalArgumentException e) {
            System.err.println("gpu-test: " + e.getMessage());
            return USAGE;
        } catch (IOException e) {
            System.err.println("gpu-test: cannot write results: " + e.getMessage());
            return USAGE;
        }
    }
}
