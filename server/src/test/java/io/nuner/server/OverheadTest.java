package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a call costs beside the engine: Extract over loopback on an idle server whose engine takes no time. Prints the
 * figures; the bound is generous, since the machine may be busy.
 */
@Tag("long")
class OverheadTest {
    private static final int CALLS = 20_000;
    private static final ExtractRequest SENTENCE = RunningServer.request(
            "Angela Merkel met Emmanuel Macron in Paris on Monday to talk about the budget of the European Union, "
                    + "said a spokesman for the chancellor in Berlin .",
            "person",
            "organization",
            "location",
            "date",
            "event");

    @Test
    void anIdleServerAddsLessThanAMillisecond() throws Exception {
        try (RunningServer running = RunningServer.start()) {
            NerServiceGrpc.NerServiceBlockingStub stub = NerServiceGrpc.newBlockingStub(running.channel);
            measure(stub, CALLS);
            long[] nanos = measure(stub, CALLS);

            Arrays.sort(nanos);
            System.out.printf(
                    "Extract over loopback, engine of no cost: median %d us, p99 %d us%n",
                    nanos[CALLS / 2] / 1000, nanos[CALLS * 99 / 100] / 1000);
            assertThat(nanos[CALLS / 2]).isLessThan(1_000_000);
        }
    }

    private static long[] measure(NerServiceGrpc.NerServiceBlockingStub stub, int calls) {
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            stub.extract(SENTENCE);
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }
}
