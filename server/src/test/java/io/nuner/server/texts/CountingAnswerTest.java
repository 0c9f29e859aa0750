package io.nuner.server.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.Delivery;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever an observer throws, the caller is answered. */
class CountingAnswerTest {
    private final List<String> answers = new ArrayList<>();
    private final List<Throwable> defects = new ArrayList<>();
    private final UnsentAnswers unsent = new UnsentAnswers(AnswerLimits.DEFAULT, () -> 1, Thread::new);
    private final Delivery delivery = new Delivery(unsent, defects::add);
    private final CountingAnswer answer = new CountingAnswer(
            new Heard(),
            new Caller(new Tenants(Map.of(), 0).unnamed(), 0, 1000, delivery::expect),
            new BrokenObserver(),
            () -> 1);

    @AfterEach
    void close() {
        unsent.close();
    }

    @Test
    void entitiesGoOut() {
        answer.response(ExtractResponse.getDefaultInstance());
        delivery.closed(Status.OK);

        assertThat(answers).containsExactly("entities");
        assertThat(defects).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusalsGoOut() {
        assertThatThrownBy(() -> answer.refusal(Refusal.of(Rejection.OVERLOADED)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> answer.dropped(Refusal.of(Rejection.EXPIRED)))
                .isInstanceOf(IllegalStateException.class);

        assertThat(answers).containsExactly("OVERLOADED", "EXPIRED");
    }

    @Test
    void aTextThatIsTriedAgainIsNotCounted() {
        List<String> counted = new ArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        CountingAnswer again = new CountingAnswer(
                new Heard() {
                    @Override
                    public boolean triesAgain(Refusal refusal) {
                        return tries.incrementAndGet() < 3;
                    }
                },
                answer.caller(),
                new Counter(counted),
                () -> 1);

        again.dropped(Refusal.of(Rejection.OVERLOADED));
        again.refusal(Refusal.of(Rejection.OVERLOADED));
        assertThat(counted).isEmpty();
        assertThat(answers).isEmpty();

        again.dropped(Refusal.of(Rejection.EXPIRED));
        assertThat(counted).containsExactly("dropped EXPIRED", "refused EXPIRED");
        assertThat(answers).containsExactly("EXPIRED");
        assertThat(tries).as("each refusal is asked about once").hasValue(3);
    }

    private record Counter(List<String> counted) implements TextObserver {
        @Override
        public void answered(Tenant tenant, long nanos, int tokens, boolean inTime) {
            counted.add("answered");
        }

        @Override
        public void refused(Tenant tenant, Rejection reason, int texts) {
            counted.add("refused " + reason);
        }

        @Override
        public void unread(Rejection reason) {
            counted.add("unread " + reason);
        }

        @Override
        public void dropped(Rejection reason) {
            counted.add("dropped " + reason);
        }
    }

    private class Heard implements Answer<ExtractResponse> {
        @Override
        public void response(ExtractResponse response) {
            answers.add("entities");
        }

        @Override
        public void refusal(Refusal refusal) {
            answers.add(refusal.reason().name());
        }
    }

    private static final class BrokenObserver implements TextObserver {
        @Override
        public void answered(Tenant tenant, long nanos, int tokens, boolean inTime) {
            throw new IllegalStateException("broken observer");
        }

        @Override
        public void refused(Tenant tenant, Rejection reason, int texts) {
            throw new IllegalStateException("broken observer");
        }

        @Override
        public void unread(Rejection reason) {
            throw new IllegalStateException("broken observer");
        }

        @Override
        public void dropped(Rejection reason) {
            throw new IllegalStateException("broken observer");
        }
    }
}
