package io.nuner.cli.bench;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Durations;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Stripped;
import io.nuner.files.FileProblem;
import io.nuner.load.Connections;
import io.nuner.load.LabelSets;
import io.nuner.load.TextPool;
import io.nuner.load.TextPool.TextFile;
import io.nuner.load.Traffic;
import io.nuner.load.Traffic.Tenant;
import io.nuner.load.UnreadableTextsException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code nuner bench} that say what calls are like. */
final class TrafficOptions {
    @Option(
            names = "--texts",
            paramLabel = "FILE[=SHARE]",
            description = {
                "Texts to ask about: lines of JSON with a member text. May be repeated, with shares of the calls.",
                "Default: tweets, questions, sentences, paragraphs and pages that come with the command."
            })
    private List<String> texts = List.of();

    @Option(
            names = {"-l", "--labels"},
            paramLabel = "LABELS",
            description = {
                "Labels to ask for, separated by commas. May be repeated; calls take one of the sets.",
                "Default: 24 sets of 1 to 12 labels, chosen by --seed."
            })
    private List<String> labels = List.of();

    @Option(
            names = "--tenants",
            split = ",",
            converter = Stripped.class,
            paramLabel = "NAME:SHARE",
            description = "Who calls, with shares of the calls, as in a:3,b:1; sent as metadata nuner-tenant.")
    private List<String> tenants = List.of();

    @Option(
            names = "--bulk",
            defaultValue = "0",
            paramLabel = "SHARE",
            description = "Share of calls of priority bulk, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double bulk;

    @Option(
            names = "--cancels",
            defaultValue = "0",
            paramLabel = "SHARE",
            description =
                    "Share of calls that the client cancels at some time of their life. Default: ${DEFAULT-VALUE}.")
    private double cancels;

    @Option(
            names = "--timeouts",
            defaultValue = "0",
            paramLabel = "SHARE",
            description = "Share of calls with a deadline of 1 to 20 ms. Default: ${DEFAULT-VALUE}.")
    private double timeouts;

    @Option(
            names = "--malformed",
            defaultValue = "0",
            paramLabel = "SHARE",
            description = "Share of calls that break the contract in one of many ways. Default: ${DEFAULT-VALUE}.")
    private double malformed;

    @Option(
            names = "--deadline",
            defaultValue = "10s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Of every other call, from the time it should start. Default: ${DEFAULT-VALUE}.")
    private Duration deadline = Duration.ZERO;

    @Option(
            names = {"-c", "--connections"},
            defaultValue = "4",
            paramLabel = "N",
            description = "Connections, used in turn, up to " + Connections.MAX + ". Default: ${DEFAULT-VALUE}.")
    private int connections;

    int connections() {
        return connections;
    }

    /** What calls are like; what is wrong is named by an IllegalArgumentException. */
    Traffic traffic() {
        List<Tenant> named = tenants.isEmpty()
                ? List.of(Tenant.unnamed())
                : tenants.stream().map(TrafficOptions::tenant).toList();
        return new Traffic(named, bulk, cancels, timeouts, malformed, deadline);
    }

    /** The sets of labels; what is wrong is named by an IllegalArgumentException. */
    LabelSets labelSets(long seed) {
        if (labels.isEmpty()) {
            return LabelSets.drawn(seed);
        }
        return LabelSets.of(labels.stream()
                .map(set -> Arrays.stream(set.split(",", -1)).map(String::strip).toList())
                .toList());
    }

    /** The files named; empty if none is. */
    List<TextFile> files() {
        return texts.stream().map(TextFile::parse).toList();
    }

    /** The texts of files, or those that come with the command. */
    static TextPool texts(List<TextFile> files) throws CommandFailure {
        if (files.isEmpty()) {
            return TextPool.bundled();
        }
        try {
            return TextPool.read(files);
        } catch (UnreadableTextsException e) {
            String message = "--texts " + e.file() + " " + FileProblem.ofReading(e.file(), e.failure());
            throw new CommandFailure(ExitCode.FAILED, message, e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "--texts " + e.getMessage(), e);
        }
    }

    private static Tenant tenant(String value) {
        int colon = value.lastIndexOf(':');
        try {
            return colon < 0
                    ? new Tenant(value, 1)
                    : new Tenant(value.substring(0, colon), Double.parseDouble(value.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--tenants must look like a:3,b:1, but one was " + value, e);
        }
    }
}
