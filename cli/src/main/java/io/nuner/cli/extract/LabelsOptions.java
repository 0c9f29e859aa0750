package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Stripped;
import io.nuner.client.LabelOption;
import io.nuner.client.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what to look for. */
final class LabelsOptions {
    @Option(
            names = {"-l", "--label"},
            split = ",",
            converter = Stripped.class,
            paramLabel = "LABEL",
            description = "Entity types in plain words. Repeat the option or separate them by commas.")
    private List<String> labels = List.of();

    @Option(
            names = "--label-option",
            converter = LabelReader.class,
            paramLabel = "NAME=PROMPT@THRESHOLD",
            description = {
                "An entity type: what it is called, what the model is asked for, and a threshold of its own; prompt"
                        + " and",
                "threshold may be left out. Repeat the option."
            })
    private List<LabelOption> options = List.of();

    @Option(
            names = "--labels-file",
            paramLabel = "FILE",
            description = "UTF-8 file of such entity types, one a line; lines that begin with # are comments.")
    private @Nullable Path file;

    private final List<String> fileLines = new ArrayList<>();

    /** What to look for; plain words beside others become others without a prompt of their own. */
    Labels labels(CommandSpec spec) throws CommandFailure {
        List<LabelOption> all = new ArrayList<>();
        labels.stream().map(LabelOption::named).forEach(all::add);
        all.addAll(options);
        all.addAll(readFile());
        if (all.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--label, --label-option or --labels-file must say what to look for");
        }
        return options.isEmpty() && file == null ? Labels.of(labels) : Labels.ofOptions(all);
    }

    /** Where the labels stand, in their order, as the user knows it, such as {@code --labels-file drugs:3}; once they are read. */
    List<String> places() {
        List<String> places = new ArrayList<>();
        IntStream.rangeClosed(1, labels.size()).forEach(number -> places.add("label " + number + " of --label"));
        IntStream.rangeClosed(1, options.size())
                .forEach(number -> places.add("label " + number + " of --label-option"));
        places.addAll(fileLines);
        return places;
    }

    private List<LabelOption> readFile() throws CommandFailure {
        Path given = file;
        if (given == null) {
            return List.of();
        }
        List<LabelOption> all = new ArrayList<>();
        int number = 0;
        for (String line : TextSource.contentOf("--labels-file", given).lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                String place = "--labels-file " + given + ":" + number;
                all.add(parse(line, place));
                fileLines.add(place);
            }
        }
        return all;
    }

    private static LabelOption parse(String line, String place) throws CommandFailure {
        try {
            return LabelReader.parse(line);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.FAILED, place + " " + e.getMessage(), e);
        }
    }
}
