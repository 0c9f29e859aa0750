package io.nuner.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The examples of README.md and docs/java-client.md, so that they compile and run. */
final class Examples {
    private Examples() {}

    @SuppressWarnings("SystemOut")
    static void sentence() throws ExtractionException {
        // sentence begins
        try (ExtractionClient client = ExtractionClient.connect(ClientConfig.plaintext("localhost:8001"))) {
            String text = "Ada Lovelace wrote to the Royal Society.";
            Extraction extraction = client.extract(text, Labels.of("person", "organization"));
            for (Entity entity : extraction.entities()) {
                System.out.println(entity.label() + ": " + text.substring(entity.start(), entity.end()));
            }
        }
        // sentence ends
    }

    static Labels labels() {
        // labels begins
        Labels labels = Labels.ofOptions(List.of(
                LabelOption.named("drug").withPrompt("name of a medicine").withThreshold(0.7f),
                LabelOption.named("drug").withPrompt("active substance"),
                LabelOption.named("person")));
        // labels ends
        return labels;
    }

    static void redact(ExtractionClient client, String text, Labels labels, Appendable out)
            throws ExtractionException, IOException {
        // document begins
        int done = 0;
        try (AnswerStream<DocumentPart> parts =
                client.extractDocument(text, labels, ExtractionOptions.DEFAULTS, Duration.ofMinutes(5))) {
            while (parts.hasNext()) {
                DocumentPart part = parts.next();
                for (Entity entity : part.entities()) {
                    out.append(text, done, entity.start()).append("[" + entity.label() + "]");
                    done = entity.end();
                }
                out.append(text, done, part.safeUntil());
                done = part.safeUntil();
            }
        }
        // document ends
    }

    static void corpus(
            ExtractionClient client,
            Path file,
            Labels labels,
            BiConsumer<Long, List<Entity>> store,
            BiConsumer<Long, ExtractionException> refused)
            throws ExtractionException, IOException {
        // corpus begins
        ExtractionOptions options = ExtractionOptions.builder().bulk(true).build();
        try (Stream<String> lines = Files.lines(file);
                AnswerStream<TextOutcome> outcomes =
                        client.extractAll(lines.iterator(), labels, options, StreamSettings.DEFAULTS)) {
            while (outcomes.hasNext()) {
                TextOutcome text = outcomes.next();
                try {
                    store.accept(text.index(), text.outcome().orThrow().entities());
                } catch (ExtractionException e) {
                    refused.accept(text.index(), e);
                }
            }
        }
        // corpus ends
    }

    static String advice(ExtractionClient client, String text, Labels labels) {
        // errors begins
        try {
            return client.extract(text, labels).entities().size() + " entities";
        } catch (ExtractionException e) {
            return switch (e.reason()) {
                case ERROR_REASON_OVERLOADED -> "ask again in " + e.retryAfter().orElse(Duration.ofSeconds(1));
                case ERROR_REASON_UNMEETABLE ->
                    "give it " + e.estimate().orElse(Duration.ofMinutes(1)) + " or ask for a document";
                case ERROR_REASON_TEXT_TOO_LONG ->
                    e.metadata().get("count") + " " + e.metadata().get("unit") + " are too many";
                default -> e.code() + " " + e.field().orElse("") + ": " + e.getMessage();
            };
        }
        // errors ends
    }
}
