package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.server.batching.Denial;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.v1.ExtractResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever an observer throws, the caller is answered. */
class CountedTextTest {
    private final List<String> answers = new ArrayList<>();
    private final CountedText text = new CountedText(
            new Heard(), new Caller(new Tenants(Map.of(), 0).unnamed(), 0, 1000), new BrokenObserver(), () -> 1);

    @Test
    void entitiesGoOut() {
        assertThatThrownBy(() -> text.entities(ExtractResponse.getDefaultInstance()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(answers).containsExactly("entities");
    }

    @Test
    void refusalsGoOut() {
        assertThatThrownBy(() -> text.refusal(Refusal.of(Rejection.OVERLOADED)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> text.dropped(Denial.of(Rejection.EXPIRED))).isInstanceOf(IllegalStateException.class);

        assertThat(answers).containsExactly("OVERLOADED", "EXPIRED");
    }

    private final class Heard implements Answer {
        @Override
        public void entities(ExtractResponse response) {
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
