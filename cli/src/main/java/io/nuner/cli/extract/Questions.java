package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
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
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

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

    /** Where answers go. */
    interface Answers {
        void take(Answer answer) throws CommandFailure;
    }

    /** What becomes of one text. */
    Answer ask(AskedText text) {
        if (!isShort(text)) {
            return askDocument(text);
        }
        try {
            return Answer.of(text, new Outcome.Extracted(client.extract(text.text(), labels, options)));
        } catch (ExtractionException e) {
            return Answer.of(text, new Outcome.Refused(e));
        }
    }

    /**
     * What becomes of texts, in their order.
     *
     * @throws ExtractionException if the server cannot be asked any longer
     */
    void askAll(PeekedTexts texts, Answers answers) throws ExtractionException, CommandFailure {
        while (texts.hasNext()) {
            if (isShort(texts.peek())) {
                askStream(texts, answers);
            } else {
                askAmongOthers(texts.next(), answers);
            }
        }
    }

    private void askStream(PeekedTexts texts, Answers answers) throws ExtractionException, CommandFailure {
        StreamSettings settings = StreamSettings.DEFAULTS.withOrdered(true);
        Queue<AskedText> underWay = new ArrayDeque<>();
        Iterator<AskedText> few = texts.next(this::isShort);
        Iterator<String> sent = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return few.hasNext();
            }

            @Override
            public String next() {
                AskedText text = few.next();
                underWay.add(text);
                return text.text();
            }
        };
        try (AnswerStream<TextOutcome> stream = client.extractAll(sent, labels, options, settings)) {
            while (stream.hasNext()) {
                Outcome outcome = stream.next().outcome();
                answers.take(Answer.of(underWay.remove(), outcome));
            }
        }
    }

    private void askAmongOthers(AskedText text, Answers answers) throws ExtractionException, CommandFailure {
        Answer answer = askDocument(text);
        ExtractionException failure = answer.failure();
        boolean endsAll = failure != null
                && switch (failure.code()) {
                    case INVALID_ARGUMENT, INTERNAL, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> false;
                    default -> true;
                };
        if (!endsAll || answer.isPartial()) {
            answers.take(answer);
        }
        if (failure != null && endsAll) {
            throw failure;
        }
    }

    /** A text of which one window is searched is short, however long it is. */
    private boolean isShort(AskedText text) {
        LongTextPolicy policy = options.decoding().getLongText();
        boolean oneWindow =
                policy == LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE || policy == LongTextPolicy.LONG_TEXT_POLICY_REJECT;
        return oneWindow || text.text().length() <= MAX_SHORT_CHARACTERS;
    }

    private Answer askDocument(AskedText text) {
        long length = Offsets.of(options.decoding().getOffsetUnit()).lengthOf(text.text());
        List<Entity> entities = new ArrayList<>();
        Usage usage = Usage.getDefaultInstance();
        Timings timings = Timings.getDefaultInstance();
        try (AnswerStream<DocumentPart> parts = client.extractDocument(text.text(), labels, options, longestDocument)) {
            while (parts.hasNext()) {
                DocumentPart part = parts.next();
                entities.addAll(part.entities());
                timings = part.timings();
                usage = part.isLast()
                        ? part.usage()
                        : Usage.newBuilder().setSearchedEnd(part.safeUntil()).build();
                progress.reached(part.safeUntil(), length);
            }
            return new Answer(text, new Extraction(entities, usage, timings), null);
        } catch (ExtractionException e) {
            return new Answer(text, new Extraction(entities, usage, timings), e);
        } finally {
            progress.hide();
        }
    }
}
