package io.nuner.cli.extract;

import io.nuner.client.AnswerStream;
import io.nuner.client.DocumentPart;
import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.client.Outcome;
import io.nuner.client.StreamSettings;
import io.nuner.client.TextOutcome;
import io.nuner.v1.LongTextPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks for the same labels in texts of any length: a long one as a document, which may take its time, several short ones by a
 * stream. One thread at a time.
 */
final class Questions {
    /** Longer texts are documents: some windows, which take about a second where a window takes a hundred milliseconds. */
    private static final int MAX_SHORT_CHARACTERS = 10_000;

    private final ExtractionClient client;
    private final Labels labels;
    private final ExtractionOptions options;
    private final Duration longestDocument;
    private final ExtractProgress progress;

    Questions(
            ExtractionClient client,
            Labels labels,
            ExtractionOptions options,
            Duration longestDocument,
            ExtractProgress progress) {
        this.client = client;
        this.labels = labels;
        this.options = options;
        this.longestDocument = longestDocument;
        this.progress = progress;
    }

    /** The entities of one text. */
    Extraction ask(String text) throws ExtractionException {
        return isShort(text) ? client.extract(text, labels, options) : askDocument(text);
    }

    /**
     * The outcomes of texts, in their order.
     *
     * @throws ExtractionException if the server cannot be asked any longer
     */
    void askAll(PeekedTexts texts, Consumer<Outcome> outcomes) throws ExtractionException {
        while (texts.hasNext()) {
            if (isShort(texts.peek())) {
                askStream(texts, outcomes);
            } else {
                outcomes.accept(documentOutcome(texts.next()));
            }
        }
    }

    private void askStream(PeekedTexts texts, Consumer<Outcome> outcomes) throws ExtractionException {
        StreamSettings settings = StreamSettings.DEFAULTS.withOrdered(true);
        try (AnswerStream<TextOutcome> stream =
                client.extractAll(texts.next(this::isShort), labels, options, settings)) {
            while (stream.hasNext()) {
                outcomes.accept(stream.next().outcome());
            }
        }
    }

    private Outcome documentOutcome(String text) throws ExtractionException {
        try {
            return new Outcome.Extracted(askDocument(text));
        } catch (ExtractionException e) {
            return switch (e.code()) {
                case INVALID_ARGUMENT, INTERNAL, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> new Outcome.Refused(e);
                default -> throw e;
            };
        }
    }

    /** A text of which one window is searched is short, however long it is. */
    private boolean isShort(String text) {
        LongTextPolicy policy = options.decoding().getLongText();
        boolean oneWindow =
                policy == LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE || policy == LongTextPolicy.LONG_TEXT_POLICY_REJECT;
        return oneWindow || text.length() <= MAX_SHORT_CHARACTERS;
    }

    private Extraction askDocument(String text) throws ExtractionException {
        long length = Offsets.of(options.decoding().getOffsetUnit()).lengthOf(text);
        List<Entity> entities = new ArrayList<>();
        try (AnswerStream<DocumentPart> parts = client.extractDocument(text, labels, options, longestDocument)) {
            DocumentPart part = parts.next();
            entities.addAll(part.entities());
            while (parts.hasNext()) {
                progress.reached(part.safeUntil(), length);
                part = parts.next();
                entities.addAll(part.entities());
            }
            return new Extraction(entities, part.usage(), part.timings());
        } finally {
            progress.hide();
        }
    }
}
