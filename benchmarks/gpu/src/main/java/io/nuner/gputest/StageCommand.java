package io.nuner.gputest;

import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The command lines of the stages' processes. One thread at a time. */
final class StageCommand {
    /** The gate's bounds are meant for trained weights; a refusal of random ones would keep everything else from being measured. */
    private static final String MEASURE_PARITY_ONLY = "-Dnuner.trt.parity.measure-only=true";

    /** TensorRT's builder takes more memory than JavaCPP allows by default, which then refuses every allocation. */
    private static final List<String> JAVA_FLAGS = List.of(
            "-Djava.awt.headless=true",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+ExitOnOutOfMemoryError");

    private static final int NATIVE_ACCESS_FLAG_SINCE = 22;
    private static final int UNSAFE_FLAG_SINCE = 24;

    private final Options options;
    private final List<String> given;
    private List<String> narrowed = List.of();

    /**
     * Commands for a run.
     *
     * @param given the words its options were read from, which each stage reads again
     */
    StageCommand(Options options, List<String> given) {
        this.options = options;
        this.given = List.copyOf(given);
    }

    /** From now on stages build the typical profile only. */
    void narrow() {
        narrowed = List.of("--profiles=" + options.build().typicalProfile());
    }

    /** Where the Java virtual machine of a stage writes its report if it crashes. */
    static Path crashLog(Path logs, Stage stage) {
        return logs.resolve(stage.id() + "-crash.log");
    }

    List<String> of(Stage stage, double limitSeconds, Path record, Path logs) {
        return stage.isPython() ? python(stage, limitSeconds, record) : java(stage, limitSeconds, logs);
    }

    /** The class path comes in the variable CLASSPATH. */
    private List<String> java(Stage stage, double limitSeconds, Path logs) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_FLAGS);
        command.add("-XX:ErrorFile=" + crashLog(logs, stage));
        int version = Runtime.version().feature();
        if (version >= NATIVE_ACCESS_FLAG_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (version >= UNSAFE_FLAG_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add(MEASURE_PARITY_ONLY);
        command.addAll(options.javaOptions());
        if (stage == Stage.LATENCY_WITHOUT_GRAPHS) {
            command.add("-Dnuner.trt.graphs=false");
        }
        if (stage == Stage.BUILD || stage == Stage.BUILD_ONE) {
            command.add("-Dnuner.trt.layers=true");
        }
        command.add(GpuTest.class.getName());
        command.add(GpuTest.STAGE);
        command.add(stage.id());
        command.addAll(given);
        command.addAll(narrowed);
        command.add("--limit-seconds=" + seconds(limitSeconds));
        return command;
    }

    private List<String> python(Stage stage, double limitSeconds, Path record) {
        return List.of(
                options.python(),
                System.getProperty("nuner.gputest.home", ".") + "/baseline.py",
                stage == Stage.PEAK ? "peak" : "model",
                "--shape=" + options.build().shape().key(),
                "--precision=" + options.build().precision().key(),
                "--lengths="
                        + String.join(
                                ",",
                                options.build().profiles().stream()
                                        .map(String::valueOf)
                                        .toList()),
                "--batch-tokens=" + options.build().batchTokens(),
                "--seconds=" + seconds(limitSeconds),
                "--peak-record=" + record.resolveSibling(Stage.PEAK.id() + ".json"),
                "--record=" + record);
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
