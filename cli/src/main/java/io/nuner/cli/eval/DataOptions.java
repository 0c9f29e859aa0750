package io.nuner.cli.eval;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Printable;
import io.nuner.cli.common.Stripped;
import io.nuner.eval.AnnotatedFile;
import io.nuner.eval.Columns;
import io.nuner.eval.DataException;
import io.nuner.eval.DataFile;
import io.nuner.eval.DataFormat;
import io.nuner.eval.LabelMap;
import io.nuner.eval.LabelMapFile;
import io.nuner.eval.Sentence;
import io.nuner.eval.TestSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code nuner eval} that concern the annotated file and the labels to ask for. */
final class DataOptions {
    @Option(
            names = {"-d", "--data"},
            required = true,
            paramLabel = "FILE",
            description = "The annotated texts.")
    private Path data = Path.of("");

    @Option(
            names = "--format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = "How the file is written: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private DataFormat format = DataFormat.AUTO;

    @Option(
            names = "--token-column",
            defaultValue = "1",
            paramLabel = "N",
            description = "conll: column of the token, from 1. Default: ${DEFAULT-VALUE}.")
    private int tokenColumn;

    @Option(
            names = "--tag-column",
            defaultValue = "0",
            paramLabel = "N",
            description = "conll: column of the tag, from 1; 0 is the last. Default: ${DEFAULT-VALUE}.")
    private int tagColumn;

    @Option(
            names = "--label-map",
            paramLabel = "FILE",
            description = "Labels by type: lines of TYPE=label, or a JSON object.")
    private @Nullable Path labelMap;

    @Option(
            names = {"-m", "--map"},
            split = ",",
            converter = {Stripped.class, Stripped.class},
            paramLabel = "TYPE=LABEL",
            description = {
                "What to ask for instead of a type's own name; no label leaves the type out.",
                "Wins over --label-map. Repeat the option or separate by commas."
            })
    private Map<String, String> map = Map.of();

    @Option(
            names = "--limit",
            defaultValue = "0",
            paramLabel = "N",
            description = "Only the first texts; 0 takes all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    /** Where lines hold token and tag. */
    Columns columns() {
        if (limit < 0) {
            throw new IllegalArgumentException("--limit must be at least 0, but was " + limit);
        }
        return new Columns(tokenColumn, tagColumn);
    }

    /** Reads the file; notes on the labels go to {@code err}. */
    AnnotatedFile read(Columns columns, PrintWriter err) throws CommandFailure {
        try {
            DataFile file = DataFile.read(data);
            DataFormat found = format.resolved(file, columns);
            List<Sentence> sentences = found.read(file, columns);
            TestSet all = TestSet.of(sentences, labels(sentences, err));
            if (all.labels().isEmpty()) {
                throw new CommandFailure(ExitCode.FAILED, "--data " + data + " holds no entity of a type to ask for");
            }
            return new AnnotatedFile(file, found, limit == 0 ? all : all.first(limit), limit);
        } catch (DataException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private LabelMap labels(List<Sentence> sentences, PrintWriter err) throws DataException {
        Map<String, String> labels = new HashMap<>();
        if (labelMap != null) {
            labels.putAll(LabelMapFile.read(DataFile.read(labelMap)));
        }
        labels.putAll(map);
        for (String unknown : LabelMap.of(map).typesBesides(TestSet.typesIn(sentences))) {
            err.println("note: --map " + Printable.of(unknown) + ": no such type in --data");
        }
        return LabelMap.of(labels);
    }
}
