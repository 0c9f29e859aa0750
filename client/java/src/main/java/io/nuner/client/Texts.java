package io.nuner.client;

import io.nuner.v1.ExtractRequest;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The texts that are to be sent: those that must be sent again, then the caller's, which are read one by one. Knows how much
 * is under way. One thread at a time.
 */
final class Texts {
    /** Bytes of requests that are under way, at most, unless one alone has more. */
    private static final long MAX_BYTES_UNDER_WAY = 8 << 20;

    private final Iterator<String> input;
    private final ExtractRequest template;
    private final int maxUnderWay;
    private final Queue<SentText> again = new PriorityQueue<>(Comparator.comparingLong(SentText::index));
    private long read;
    private int underWay;
    private long bytesUnderWay;
    private boolean inputEnded;

    /**
     * Texts of the caller.
     *
     * @param template the request of each, which lacks its text only
     * @param maxUnderWay texts that are taken and not answered, at most
     */
    Texts(Iterator<String> input, ExtractRequest template, int maxUnderWay) {
        this.input = input;
        this.template = template;
        this.maxUnderWay = maxUnderWay;
    }

    /** Whether another may be taken now. */
    boolean haveRoom() {
        return !again.isEmpty() || (underWay < maxUnderWay && bytesUnderWay < MAX_BYTES_UNDER_WAY);
    }

    /** Whether another is there; may wait for the caller's. */
    boolean haveNext() {
        if (!again.isEmpty()) {
            return true;
        }
        inputEnded = inputEnded || !input.hasNext();
        return !inputEnded;
    }

    /** Whether the next one was sent before. */
    boolean resends() {
        return !again.isEmpty();
    }

    SentText take() {
        SentText resent = again.poll();
        if (resent != null) {
            return resent;
        }
        SentText text =
                new SentText(read, template.toBuilder().setText(input.next()).build(), 0);
        read++;
        underWay++;
        bytesUnderWay += text.bytes();
        return text;
    }

    /** Makes room: the text has its outcome. */
    void answered(SentText text) {
        underWay--;
        bytesUnderWay -= text.bytes();
    }

    /** Takes back texts that were sent and not answered; they come next, in their order. */
    void sendAgain(List<SentText> unanswered) {
        again.addAll(unanswered);
    }

    boolean areAllAnswered() {
        return inputEnded && underWay == 0;
    }
}
