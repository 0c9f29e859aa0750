package io.nuner.gputest.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.TokenRow;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.WordSplitter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallersTest {
    @Test
    void callsThatFailAtOnceDoNotFillTheStack() {
        TokenRow row = TokenRow.copyOf(new int[] {1, 2, 3}, new int[] {2}, new int[] {1});
        EncodedRequest text = new EncodedRequest(WordSplitter.split("one"), row, 2, 1);
        Callers callers = new Callers(1);
        callers.close(); // from now on every call fails where it is made

        callers.call(List.of(text), 1);
        while (callers.failures() < 20_000) {
            Thread.onSpinWait();
        }
        callers.stop();
        while (callers.calling() > 0) {
            Thread.onSpinWait();
        }

        assertThat(callers.answers()).isZero();
        assertThat(callers.lastFailure()).contains("UNAVAILABLE");
    }
}
