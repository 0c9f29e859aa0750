package io.nuner.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InterruptionTest {
    private final CountDownLatch told = new CountDownLatch(1);
    private final Interruption interruption = new Interruption(told::countDown);

    @Test
    void waitsUntilTheWorkHasSaidWhatItFound() throws Exception {
        CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(() -> interruption.stop(StopSignal.INT));
        told.await();

        assertThat(interruption.hasCome()).isTrue();
        assertThat(stopped).isNotDone();
        interruption.close();
        assertThat(stopped.get(5, TimeUnit.SECONDS)).isEqualTo(130);
    }

    @Test
    void aSecondSignalDoesNotWait() throws Exception {
        CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(() -> interruption.stop(StopSignal.TERM));
        told.await();

        interruption.hurry();

        assertThat(stopped.get(5, TimeUnit.SECONDS)).isEqualTo(143);
    }
}
