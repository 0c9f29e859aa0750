package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** How far a stream reads ahead. */
class ReadAheadTest {
    private static final int BOUND = 20;
    private static final long TIMEOUT = 1000;

    private final ReadAhead ahead = new ReadAhead(BOUND);

    @Test
    void answersThatAreSentAllowMoreUpToTheBound() {
        int first = ahead.texts();
        ahead.answered(1, TIMEOUT);
        assertThat(ahead.texts()).isEqualTo(first);
        ahead.sent();
        assertThat(ahead.texts()).isEqualTo(first + 1);
        quick(100);
        assertThat(ahead.texts()).isEqualTo(BOUND);
    }

    @Test
    void slowAnswersAllowLessAndTextsThatRunOutOfTimeHalf() {
        quick(100);
        slow(TIMEOUT / 6);
        assertThat(ahead.texts()).isEqualTo(BOUND - 1);
        slow(TIMEOUT);
        assertThat(ahead.texts()).isEqualTo((BOUND - 1) / 2);
        for (int i = 0; i < 100; i++) {
            slow(TIMEOUT);
        }
        assertThat(ahead.texts()).isOne();
        quick(2);
        assertThat(ahead.texts()).isEqualTo(3);
    }

    /** On an engine that does one text at a time, texts wait about an eighth of their time and seldom longer than they let calls go first. */
    @Test
    void textsWaitAnEighthOfTheirTime() {
        ReadAhead wide = new ReadAhead(10_000);
        long perText = 10;
        long freeAt = 0;
        Deque<Long> open = new ArrayDeque<>();
        long longest = 0;
        for (int answered = 0; answered < 5_000; answered++) {
            long now = freeAt;
            while (open.size() < wide.texts()) {
                open.addLast(now);
            }
            long read = open.removeFirst();
            freeAt = now + perText;
            longest = Math.max(longest, freeAt - read);
            wide.answered(freeAt - read, TIMEOUT);
            wide.sent();
        }
        assertThat(longest).isLessThan(TIMEOUT / 2);
        assertThat(wide.texts() * perText).isBetween(TIMEOUT / 20, TIMEOUT / 5);
    }

    private void quick(int texts) {
        for (int i = 0; i < texts; i++) {
            ahead.answered(1, TIMEOUT);
            ahead.sent();
        }
    }

    private void slow(long nanos) {
        ahead.answered(nanos, TIMEOUT);
        ahead.sent();
    }
}
