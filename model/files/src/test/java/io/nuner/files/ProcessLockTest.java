package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void aSecondThreadSaysThatItWaitsAndGetsItWhenTheFirstHasClosedIt() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Boolean> second;
        try (ProcessLock first = ProcessLock.take(file(), () -> {})) {
            second = CompletableFuture.supplyAsync(() -> taken(waits::countDown));
            assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(first.isHeld()).isTrue();
            assertThat(second).isNotDone();
        }
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isNotTakenASecondTimeByTheThreadThatHasIt() throws Exception {
        try (ProcessLock first = ProcessLock.take(file(), () -> {})) {
            assertThat(ProcessLock.tryTake(file())).isEmpty();
            assertThat(first.isHeld()).isTrue();
        }
        ProcessLock.tryTake(file()).orElseThrow().close();
    }

    @Test
    void replacesTheContentOfItsFile() throws Exception {
        try (ProcessLock lock = ProcessLock.take(file(), () -> {})) {
            lock.write(new byte[] {'l', 'o', 'n', 'g'});
            lock.write(new byte[] {'s'});
        }
        assertThat(file()).hasContent("s");
    }

    private boolean taken(Runnable waiting) {
        try (ProcessLock lock = ProcessLock.take(file(), waiting)) {
            return lock.isHeld();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() {
        return directory.resolve("lock");
    }
}
