package io.nuner.server.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has read gets room, and who has not makes it. */
class UnsentAnswersTest {
    private static final int MIB = 1 << 20;
    private static final int ANSWER = MIB - UnsentAnswers.BESIDES;
    private static final AnswerLimits LIMITS =
            new AnswerLimits(10, MIB, 4 * MIB, 8 * MIB, 16 * MIB, Duration.ofHours(1));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // nano clocks may overflow
    private final AtomicBoolean shortOfMemory = new AtomicBoolean();
    private UnsentAnswers unsent = new UnsentAnswers(LIMITS, nanos::get, Thread::new, shortOfMemory::get);

    @AfterEach
    void close() {
        unsent.close();
    }

    @Test
    void whatIsSentAndClosedCountsNoMore() {
        Reader reader = new Reader(1);

        reader.ask(3);

        assertThat(unsent.bytes()).isEqualTo(3 * MIB);
        reader.read(3);
        assertThat(unsent.bytes()).isZero();
        reader.deliveries.forEach(delivery -> delivery.closed(Status.OK)); // once more
        assertThat(unsent.bytes()).isZero();
    }

    @Test
    void aConnectionOverItsShareGetsNoNewWorkUntilItReads() {
        Reader reader = new Reader(1);
        assertThat(reader.ask(4)).isEqualTo(4);
        assertThat(new Delivery(unsent, UnsentAnswersTest::fail).mayAsk())
                .as("without a connection")
                .isTrue();
        assertThat(reader.mayAsk()).as("at its share").isTrue();
        reader.ask(1);

        pause(2);

        assertThat(reader.mayAsk()).isFalse();
        reader.read(1);
        assertThat(reader.mayAsk()).isTrue();
    }

    @Test
    void aConnectionThatReadsMayHaveMoreForAMoment() {
        unsent.close();
        AnswerLimits limits = new AnswerLimits(10, MIB, MIB, 8 * MIB, 16 * MIB, Duration.ofHours(1));
        unsent = new UnsentAnswers(limits, nanos::get, Thread::new, () -> false);
        Reader honest = new Reader(2);
        honest.ask(4);

        assertThat(honest.mayAsk()).isTrue();
        honest.ask(1);
        assertThat(honest.mayAsk()).as("beyond half of what its address has").isFalse();
    }

    @Test
    void beyondTheShareOfAnAddressOnlyThatAddressIsRefused() {
        Reader one = new Reader(1);
        Reader two = new Reader(1);
        Reader other = new Reader(2);
        one.ask(5);
        pause(2);

        assertThat(two.ask(3)).isEqualTo(3);
        assertThat(one.ask(1)).as("it does not read").isZero();
        assertThat(other.ask(8)).isEqualTo(8);
        assertThat(other.ask(1))
                .as("it reads, and has all that its address may have")
                .isZero();
        assertThat(one.line.isCut()).isFalse();
    }

    @Test
    void aProxyIsTakenForManyAddresses() {
        Reader proxy = new Reader(new FakeLine(1, true));

        assertThat(proxy.ask(8)).isEqualTo(8);
        pause(2);
        assertThat(proxy.mayAsk()).as("its share is an address's").isTrue();
        assertThat(proxy.ask(4)).isEqualTo(4);
        assertThat(proxy.mayAsk()).isFalse();
        assertThat(new Reader(new FakeLine(1, true)).ask(2)).isEqualTo(2);
        assertThat(proxy.line.isCut()).isFalse();
    }

    @Test
    void ofAnAddressWhoDoesNotReadMakesRoomForWhoDoes() {
        Reader stuck = new Reader(1);
        stuck.ask(8);
        pause(2);

        assertThat(new Reader(1).ask(1)).isEqualTo(1);
        assertThat(stuck.line.isCut()).isTrue();
        assertThat(unsent.bytes()).isEqualTo(MIB);
        assertThat(unsent.cuts()).isEqualTo(1);
    }

    @Test
    void whoHarmsOthersMostMakesRoomForAnybody() {
        Reader older = new Reader(1);
        older.ask(6);
        pause(2);
        Reader larger = new Reader(2);
        larger.ask(8);
        pause(2);
        Reader small = new Reader(3);
        small.ask(2);

        assertThat(new Reader(4).ask(1)).isEqualTo(1);

        assertThat(older.line.isCut()).as("24 MiB seconds, against 16").isTrue();
        assertThat(larger.line.isCut()).isFalse();
        assertThat(small.line.isCut()).isFalse();
        older.read(6);
        assertThat(unsent.bytes()).as("what is cut is not given back twice").isEqualTo(11 * MIB);
    }

    @Test
    void whoeverHarmsOthersMostIsRefusedItselfWhenItAsks() {
        Reader greedy = new Reader(1);
        greedy.ask(7);
        new Reader(2).ask(6);
        new Reader(3).ask(3);
        pause(2);

        assertThat(greedy.ask(1)).as("within the share of its address").isEqualTo(0);
        assertThat(greedy.line.isCut()).isFalse();
    }

    @Test
    void ifEverybodyReadsTheLargestGoes() {
        Reader large = new Reader(1);
        large.ask(7);
        new Reader(2).ask(5);
        new Reader(3).ask(4);

        assertThat(new Reader(4).ask(1)).isEqualTo(1);
        assertThat(large.line.isCut()).isTrue();
    }

    @Test
    void whenDirectMemoryRunsShortWhoDoesNotReadIsCutFirst() {
        Reader stuck = new Reader(1);
        stuck.ask(1);
        pause(2);
        Reader reading = new Reader(2);
        reading.ask(2);
        shortOfMemory.set(true);

        assertThat(reading.ask(1)).isEqualTo(1);
        assertThat(reading.ask(1)).isEqualTo(1);
        assertThat(stuck.line.isCut()).isTrue();
        assertThat(reading.line.isCut()).isFalse();
    }

    @Test
    void itemsThatWaitForOthersCountAndAreNobodysFault() {
        Reader batch = new Reader(1);
        Delivery call = batch.call();
        assertThat(call.hold(2 * MIB)).isTrue();
        assertThat(call.hold(2 * MIB)).isTrue();
        assertThat(unsent.bytes()).isEqualTo(4 * MIB);
        pause(5);
        assertThat(batch.mayAsk()).isTrue();
        assertThat(new Reader(1).ask(4)).isEqualTo(4);
        assertThat(call.hold(1)).as("the address has no more").isFalse();

        assertThat(call.hand(4 * MIB - UnsentAnswers.BESIDES)).as("in exchange").isTrue();

        assertThat(unsent.bytes()).isEqualTo(8 * MIB);
        call.handed();
        call.closed(Status.OK);
        assertThat(unsent.bytes()).isEqualTo(4 * MIB);
    }

    @Test
    void aCallThatEndsBeforeItsItemsAreThereGivesThemBack() {
        Delivery call = new Reader(1).call();
        call.hold(MIB);

        call.closed(Status.CANCELLED);

        assertThat(unsent.bytes()).isZero();
        assertThat(call.hold(MIB)).isTrue();
        assertThat(unsent.bytes()).as("of a call that is over").isZero();
    }

    @Test
    void whoStandsStillForTooLongIsCut() throws Exception {
        patience(Duration.ofMillis(150), 4 * MIB);
        Reader stuck = new Reader(1);
        stuck.ask(1);
        Reader waiting = new Reader(2);
        waiting.call().hold(1000);

        assertThat(stuck.line.cut.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(unsent.bytes()).isEqualTo(1000);
        assertThat(waiting.line.isCut()).isFalse();
    }

    @Test
    void whoIsOvertakenBeyondItsShareForTooLongIsCut() throws Exception {
        patience(Duration.ofMillis(300), MIB);
        Reader shared = new Reader(1);
        shared.ask(1); // its caller never reads
        long start = System.nanoTime();
        while (!shared.line.cut.await(20, TimeUnit.MILLISECONDS) && System.nanoTime() - start < 10_000_000_000L) {
            shared.ask(1);
            shared.readLast();
            shared.ask(1); // another one that never reads
        }

        assertThat(shared.line.isCut()).isTrue();
    }

    private void patience(Duration patience, long share) {
        unsent.close();
        AnswerLimits limits = new AnswerLimits(10, MIB, share, 8 * MIB, 16 * MIB, patience);
        unsent = new UnsentAnswers(limits, System::nanoTime, Thread::new, () -> false);
    }

    private void pause(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** A connection whose answers take a MiB each. */
    private final class Reader {
        final FakeLine line;
        final List<Delivery> deliveries = new ArrayList<>();
        private final UnsentAnswers.Account account;

        Reader(int address) {
            this(new FakeLine(address));
        }

        Reader(FakeLine line) {
            this.line = line;
            account = unsent.account(line);
        }

        Delivery call() {
            Delivery delivery = new Delivery(unsent, UnsentAnswersTest::fail);
            delivery.comesBy(account);
            return delivery;
        }

        boolean mayAsk() {
            return call().mayAsk();
        }

        /** How many of these answers found room. */
        int ask(int answers) {
            int found = 0;
            for (int i = 0; i < answers; i++) {
                Delivery delivery = call();
                if (delivery.hand(ANSWER)) {
                    delivery.handed();
                    deliveries.add(delivery);
                    found++;
                }
            }
            return found;
        }

        void read(int answers) {
            deliveries.subList(0, answers).forEach(delivery -> delivery.closed(Status.OK));
        }

        void readLast() {
            deliveries.get(deliveries.size() - 1).closed(Status.OK);
        }
    }

    private static void fail(Throwable defect) {
        throw new AssertionError(defect);
    }
}
