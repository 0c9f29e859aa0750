package io.nuner.client;

import io.grpc.Status;
import io.nuner.client.Attempt.Answer;
import io.nuner.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends texts through ExtractStream and gives exactly one outcome for each. A call that the server or the network ended is
 * followed by another, on which the texts without an answer are sent again. The thread that asks for outcomes also reads the
 * texts, and only while few enough are under way. One thread at a time.
 */
final class TextOutcomes implements AnswerStream<TextOutcome> {
    /** How often a text is sent to servers that cannot answer it just then. */
    private static final int MAX_REFUSALS = 3;

    private static final Duration LONGEST_END = Duration.ofSeconds(1);

    private final Calls calls;
    private final Texts texts;
    private final SizeLimit limit;
    private final boolean ordered;
    private final Patience patience;
    private final Queue<SentText> tooLarge = new ArrayDeque<>();
    private @Nullable Attempt attempt;
    private @Nullable TextOutcome next;
    private @Nullable ExtractionException failure;
    private long given;
    private boolean done;

    /** Where calls are made. */
    interface Calls {
        /** Begins a call of ExtractStream. */
        Attempt begin();

        /** True if the client is closed, so that no call can succeed any more. */
        boolean areOver();
    }

    /**
     * Outcomes of texts.
     *
     * @param calls begins calls of ExtractStream
     * @param limit what the server reads of one text
     * @param ordered whether the calls ask for answers in order
     */
    TextOutcomes(Calls calls, Texts texts, SizeLimit limit, boolean ordered, Patience patience) {
        this.calls = calls;
        this.texts = texts;
        this.limit = limit;
        this.ordered = ordered;
        this.patience = patience;
    }

    @Override
    public boolean hasNext() throws ExtractionException {
        if (failure != null) {
            throw failure;
        }
        patience.restart();
        while (next == null && !done) {
            advance();
        }
        return next != null;
    }

    @Override
    public TextOutcome next() throws ExtractionException {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("every text has its outcome");
        }
        TextOutcome outcome = next;
        next = null;
        return outcome;
    }

    @Override
    public void close() {
        if (!done) {
            done = true;
            if (attempt != null) {
                attempt.cancel();
            }
        }
        next = null;
    }

    private void advance() throws ExtractionException {
        sendSome();
        next = nextOutcome();
        if (next != null) {
            return;
        }
        Attempt current = attempt;
        if (texts.areAllAnswered()) {
            finish();
        } else if (current != null) {
            awaitOrReplace(current);
        }
    }

    /** Sends one text for each that is given, and more while there is nothing to give. */
    private void sendSome() {
        do {
            if (!texts.haveRoom() || !takesMore(attempt)) {
                return;
            }
            if (!texts.haveNext()) {
                halfClose();
                return;
            }
            boolean isNew = !texts.resends();
            send(texts.take());
            if (isNew) {
                patience.restart(); // the input may have taken its time
            }
        } while (dueTooLarge() == null && (attempt == null || !attempt.hasAnswer()));
    }

    private static boolean takesMore(@Nullable Attempt attempt) {
        return attempt == null || (attempt.end() == null && attempt.takesMore());
    }

    private void halfClose() {
        if (attempt != null) {
            attempt.halfClose();
        }
    }

    private void send(SentText text) {
        if (!limit.admits(text)) {
            tooLarge.add(text);
            return;
        }
        Attempt open = attempt == null ? calls.begin() : attempt;
        attempt = open;
        open.send(text);
    }

    /** A text that is too large and whose turn it is; null if there is none. */
    private @Nullable SentText dueTooLarge() {
        SentText first = tooLarge.peek();
        return first == null || (ordered && first.index() != given) ? null : first;
    }

    /** The next outcome, if one is here. */
    private @Nullable TextOutcome nextOutcome() throws ExtractionException {
        SentText unsent = dueTooLarge();
        if (unsent != null) {
            tooLarge.remove();
            return give(unsent, new Outcome.Refused(limit.refusal(unsent)));
        }
        Attempt current = attempt;
        Answer answer = current == null ? null : poll(current);
        if (current == null || answer == null) {
            return null;
        }
        SentText text = answer.text();
        Outcome outcome = Outcome.of(answer.message());
        if (outcome instanceof Outcome.Refused refused && isWorthAnotherTry(text, refused.reason())) {
            current.cancel();
            List<SentText> unanswered = new ArrayList<>(current.underWay());
            unanswered.add(text.refusedOnceMore());
            resume(unanswered, refused.reason());
            return null;
        }
        return give(text, outcome);
    }

    private @Nullable Answer poll(Attempt current) throws ExtractionException {
        try {
            return current.poll();
        } catch (ExtractionException e) {
            throw fail(e);
        }
    }

    /** True if another replica, or this one later, would answer the text, as it would a call of its own. */
    private static boolean isWorthAnotherTry(SentText text, ExtractionException refusal) {
        return refusal.code() == Status.Code.UNAVAILABLE && text.refusals() + 1 < MAX_REFUSALS;
    }

    private TextOutcome give(SentText text, Outcome outcome) throws ExtractionException {
        if (ordered && text.index() != given) {
            throw fail(ExtractionException.of(Status.INTERNAL.withDescription(
                    "the server answered text " + text.index() + " before text " + given + " of a stream in order")));
        }
        given++;
        texts.answered(text);
        patience.succeeded();
        return text.with(outcome);
    }

    private void awaitOrReplace(Attempt current) throws ExtractionException {
        Inbox.End end = current.end();
        if (end != null) {
            replace(current, reason(end));
            return;
        }
        try {
            if (!current.await(patience.leftNanos())) {
                throw fail(ExtractionException.of(
                        Status.DEADLINE_EXCEEDED.withDescription("the server answers none of the texts of a stream")));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ExtractionException reason(Inbox.End end) {
        Status status = end.status().isOk()
                ? Status.INTERNAL.withDescription("the server ended a stream before its last answer")
                : end.status();
        return ExtractionException.of(status, end.trailers());
    }

    private void replace(Attempt ended, ExtractionException reason) throws ExtractionException {
        boolean mayGoOn = reason.code() == Status.Code.UNAVAILABLE
                || reason.reason() == ErrorReason.ERROR_REASON_STREAM_IDLE
                || reason.retryAfter().isPresent();
        if (!mayGoOn) {
            throw fail(reason);
        }
        resume(ended.underWay(), reason);
    }

    /** Goes on with another call, which begins with the texts that are sent and not answered. */
    private void resume(List<SentText> unanswered, ExtractionException reason) throws ExtractionException {
        attempt = null;
        texts.sendAgain(unanswered);
        long pause = patience.pauseNanos(reason.retryAfter());
        if (pause > patience.leftNanos() || calls.areOver()) {
            throw fail(reason);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void finish() {
        done = true;
        if (attempt != null) {
            attempt.end(LONGEST_END);
        }
    }

    private ExtractionException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return fail(ExtractionException.of(
                Status.CANCELLED.withDescription("interrupted").withCause(cause)));
    }

    private ExtractionException fail(ExtractionException reason) {
        close();
        failure = reason;
        return reason;
    }
}
