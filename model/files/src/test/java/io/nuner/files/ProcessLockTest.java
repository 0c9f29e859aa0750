package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    @Test
    void readsTheContentOfItsFile() throws Exception {
        try (ProcessLock lock = ProcessLock.take(file(), () -> {})) {
            assertThat(lock.read(10)).isEmpty();
            lock.write(new byte[] {'l', 'o', 'n', 'g'});
            assertThat(lock.read(10)).asString().isEqualTo("long");
            assertThat(lock.read(2)).asString().isEqualTo("lo");
        }
    }

    /** The system ends a process's lock as soon as the process closes the file, whichever way it had opened it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void readingDoesNotEndIt() throws Exception {
        try (ProcessLock lock = ProcessLock.take(file(), () -> {})) {
            lock.read(10);

            String place = ":" + Files.getAttribute(file(), "unix:ino") + " ";
            assertThat(Files.readAllLines(Path.of("/proc/locks"))).anyMatch(line -> line.contains(place));
        }
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
