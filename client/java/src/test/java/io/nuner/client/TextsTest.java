package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.v1.ExtractRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static Texts texts(Iterator<String> input, int maxUnderWay) {
        return new Texts(input, ExtractRequest.getDefaultInstance(), maxUnderWay);
    }

    private static List<Long> take(Texts texts, int count, List<SentText> into) {
        List<Long> indexes = new ArrayList<>();
        for (int taken = 0; taken < count; taken++) {
            SentText text = texts.take();
            into.add(text);
            indexes.add(text.index());
        }
        return indexes;
    }

    @Test
    void whatIsSentAgainComesInOrderBeforeAllElse() {
        Texts texts = texts(Collections.nCopies(10, "Ada").iterator(), 5);
        List<SentText> first = new ArrayList<>();
        List<SentText> second = new ArrayList<>();
        take(texts, 5, first);
        texts.sendAgain(first);
        take(texts, 2, second);

        texts.sendAgain(second); // while some of the first ones still wait

        assertThat(take(texts, 5, new ArrayList<>())).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void thereIsRoomForAFewTextsAndForAllThatAreSentAgain() {
        Texts texts = texts(Collections.nCopies(10, "Ada").iterator(), 2);
        List<SentText> sent = new ArrayList<>();
        take(texts, 2, sent);
        assertThat(texts.haveRoom()).isFalse();

        texts.sendAgain(sent);
        assertThat(texts.haveRoom()).isTrue();
        take(texts, 2, new ArrayList<>());
        assertThat(texts.haveRoom()).isFalse();
        texts.answered(sent.get(0));
        assertThat(texts.haveRoom()).isTrue();
    }

    @Test
    void largeTextsLeaveRoomForFewer() {
        String large = "x".repeat(5 << 20);
        Texts texts = texts(Collections.nCopies(10, large).iterator(), 100);

        take(texts, 1, new ArrayList<>());
        assertThat(texts.haveRoom()).isTrue();
        take(texts, 1, new ArrayList<>());
        assertThat(texts.haveRoom()).isFalse();
    }

    @Test
    void allAreAnsweredWhenTheInputEndedAndNoneIsUnderWay() {
        Texts texts = texts(List.of("Ada").iterator(), 2);
        SentText ada = texts.take();
        assertThat(texts.haveNext()).isFalse();
        assertThat(texts.areAllAnswered()).isFalse();

        texts.answered(ada);

        assertThat(texts.areAllAnswered()).isTrue();
    }
}
