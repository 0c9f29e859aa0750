package io.nuner.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nuner.engine.RowLogits;
import io.nuner.server.batching.Admission.Permit;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever refuses only hands the reply over. */
class RefusalDeskTest {
    private static final int REPLIES = 10_000;

    private final Tenants tenants = new Tenants(Map.of(), 0);
    private final AdmissionGate gate =
            new AdmissionGate(new AdmissionGate.Limits(1 << 20, 1L << 40, Long.MAX_VALUE / 4), tenants, new Backlog());
    private final BlockingQueue<Throwable> defects = new LinkedBlockingQueue<>();
    private final Reply.Desk desk = new Reply.Desk(work -> new Thread(work, "desk"), defects::add);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void receiversAreToldOnItsThreadInOrderAndOnce() throws Exception {
        for (int i = 0; i < REPLIES; i++) {
            Reply reply = reply("" + i);
            assertThat(reply.reject(Rejection.UNMEETABLE, i)).isTrue();
            assertThat(reply.reject(Rejection.EXPIRED)).isFalse();
            assertThat(reply.isOpen()).isFalse();
        }

        for (int i = 0; i < REPLIES; i++) {
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(i + " UNMEETABLE " + i + " on desk");
        }
        assertThat(gate.requestsInFlight()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void noReplyOfManyThreadsIsLost() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < REPLIES; j++) {
                    reply("any").reject(Rejection.EXPIRED);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (int i = 0; i < 4 * REPLIES; i++) {
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("any EXPIRED 0 on desk");
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(gate.requestsInFlight()).isZero();
    }

    @Test
    void refusingAllocatesNothing() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        refused(thread); // classes are loaded

        assertThat(refused(thread)).isLessThan(1024);
    }

    private long refused(ThreadMXBean thread) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < REPLIES; i++) {
            replies.add(reply("any"));
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REPLIES; i++) {
            replies.get(i).reject(Rejection.UNMEETABLE, i);
        }
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aReceiverThatThrowsIsReportedAndHarmsNoOther() throws Exception {
        new Reply(
                        permit(),
                        new Receiver("") {
                            @Override
                            public void onRefused(Refusal refusal) {
                                throw new IllegalStateException("scripted");
                            }
                        },
                        desk)
                .reject(Rejection.EXPIRED);
        reply("next").reject(Rejection.EXPIRED);

        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("next EXPIRED 0 on desk");
        assertThat(defects.poll(10, TimeUnit.SECONDS)).hasMessage("scripted");
    }

    @Test
    void afterItsEndWhoeverRefusesTells() throws Exception {
        desk.close();
        desk.close();

        reply("late").reject(Rejection.SHUTTING_DOWN);

        assertThat(told.poll(10, TimeUnit.SECONDS)).startsWith("late SHUTTING_DOWN 0 on ");
    }

    private Reply reply(String name) {
        return new Reply(permit(), new Receiver(name), desk);
    }

    private Permit permit() {
        return (Permit) gate.enter(tenants.unnamed(), Urgency.INTERACTIVE, 0, Long.MAX_VALUE / 4);
    }

    private class Receiver implements Reply.Receiver {
        private final String name;

        Receiver(String name) {
            this.name = name;
        }

        @Override
        public void onScored(RowLogits logits, BatchRun run) {
            told.add(name + " scored");
        }

        @Override
        public void onRefused(Refusal refusal) {
            told.add(name + " " + refusal.reason() + " " + refusal.hintNanos() + " on "
                    + Thread.currentThread().getName());
        }
    }
}
