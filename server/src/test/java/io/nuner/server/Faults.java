package io.nuner.server;

import io.nuner.engine.EngineException;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.FakeEngine;
import io.nuner.engine.testing.RunHook;
import io.nuner.engine.testing.Scoring;
import io.nuner.engine.testing.Sneaky;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every way in which an engine misbehaves. */
final class Faults {
    private static final int EVERY = 7;
    private static final int LATER = 20;
    private static final int POISON_ID = FaultTexts.POISON.hashCode();

    private Faults() {}

    static Stream<Fault> all() {
        return Stream.concat(thrown(), Stream.concat(returned(), gone()));
    }

    private static Stream<Fault> thrown() {
        return Stream.of(
                throwing("RuntimeException", () -> new IllegalStateException("scripted")),
                throwing("OutOfMemoryError", () -> new OutOfMemoryError("scripted")),
                throwing("StackOverflowError", StackOverflowError::new),
                throwing("LinkageError", () -> new UnsatisfiedLinkError("scripted")),
                throwing("AssertionError", () -> new AssertionError("scripted")),
                throwing("checked exception", () -> new IOException("scripted")),
                throwing("bare Throwable", () -> new Throwable("scripted")),
                throwing("what nobody may look at", Untouchable::new),
                throwing("EngineException", () -> EngineException.batchFailed("scripted")),
                throwing("interruption", Faults::interruption),
                Fault.poison(
                        "poison text throws",
                        (engine, over) -> engine.onRun(batch -> {
                            if (batch.rows().stream().anyMatch(Faults::isPoisoned)) {
                                throw new StackOverflowError("scripted");
                            }
                        })));
    }

    private static Stream<Fault> returned() {
        return Stream.of(
                Fault.poison("NaN for poison", (engine, over) -> engine.score(poisonScores(Float.NaN))),
                Fault.poison(
                        "infinity for poison", (engine, over) -> engine.score(poisonScores(Float.NEGATIVE_INFINITY))),
                Fault.sometimes("too few scores", (engine, over) -> spoil(engine, Faults::tooFew)),
                Fault.sometimes("scores of another batch", (engine, over) -> spoil(engine, Faults::ofAnother)),
                Fault.harmless(
                        "leaves its thread interrupted",
                        (engine, over) -> engine.onOutput(logits -> {
                            Thread.currentThread().interrupt();
                            return logits;
                        })),
                Fault.harmless("slow first run", (engine, over) -> engine.onRun(atRun(1, () -> pause(over, 300)))));
    }

    private static Stream<Fault> gone() {
        return Stream.of(
                Fault.survived("hangs once", (engine, over) -> engine.onRun(atRun(LATER, () -> hang(over)))),
                Fault.fatal("hangs for ever", (engine, over) -> engine.onRun(fromRun(LATER, () -> hang(over)))),
                Fault.fatal(
                        "dies",
                        (engine, over) -> engine.onRun(fromRun(
                                LATER,
                                () -> Sneaky.raise(
                                        EngineException.engineLost("scripted", new IllegalStateException()))))));
    }

    private static Fault throwing(String kind, Supplier<? extends Throwable> thrown) {
        AtomicInteger runs = new AtomicInteger();
        return Fault.sometimes(
                "throws " + kind,
                (engine, over) -> engine.onRun(batch -> {
                    if (runs.incrementAndGet() % EVERY == 0) {
                        Sneaky.raise(thrown.get());
                    }
                }));
    }

    private static InterruptedException interruption() {
        Thread.currentThread().interrupt();
        return new InterruptedException("scripted");
    }

    private static boolean isPoisoned(TokenRow row) {
        return row.tokenId(row.wordToken(0)) == POISON_ID;
    }

    private static Scoring poisonScores(float score) {
        Scoring healthy = Scoring.fromContent();
        return (row, start, width, label) -> isPoisoned(row) ? score : healthy.score(row, start, width, label);
    }

    private static void spoil(FakeEngine engine, io.nuner.engine.testing.OutputHook spoiler) {
        AtomicInteger runs = new AtomicInteger();
        engine.onOutput(logits -> runs.incrementAndGet() % EVERY == 0 ? spoiler.afterRun(logits) : logits);
    }

    private static Logits tooFew(Logits logits) throws EngineException {
        return Logits.wrap(logits.batch(), logits.maxWidth(), FloatBuffer.allocate(1));
    }

    private static Logits ofAnother(Logits logits) throws EngineException {
        PackedBatch same = PackedBatch.of(List.copyOf(logits.batch().rows()));
        int scores = same.rowCount() * same.mostWords() * logits.maxWidth() * same.mostLabels();
        return Logits.wrap(same, logits.maxWidth(), FloatBuffer.allocate(scores));
    }

    private static RunHook atRun(int number, Runnable deed) {
        AtomicInteger runs = new AtomicInteger();
        return batch -> {
            if (runs.incrementAndGet() == number) {
                deed.run();
            }
        };
    }

    private static RunHook fromRun(int number, Runnable deed) {
        AtomicInteger runs = new AtomicInteger();
        return batch -> {
            if (runs.incrementAndGet() >= number) {
                deed.run();
            }
        };
    }

    /** As native code does: until it is over, deaf to interruption. */
    static void hang(CountDownLatch over) {
        boolean done = false;
        while (!done) {
            try {
                over.await();
                done = true;
            } catch (InterruptedException e) {
                // native code does not hear it
            }
        }
    }

    private static void pause(CountDownLatch over, long millis) {
        try {
            boolean early = over.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
            assert !early : "the test is over before its pause";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Throws itself at whoever looks at it. */
    private static final class Untouchable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            throw this;
        }
    }
}
