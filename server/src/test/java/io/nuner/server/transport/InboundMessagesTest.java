package io.nuner.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.nuner.server.transport.frames.Frame;
import io.nuner.server.transport.frames.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InboundMessagesTest {
    private final InboundMessages messages = new InboundMessages();

    @Test
    void aMessageIsInsideFromItsFirstByteToItsLast() throws Exception {
        assertThat(messages.isInside()).isFalse();
        take(0, 0);
        assertThat(messages.isInside()).isTrue();
        take(0, 0, 2, 7);
        assertThat(messages.isInside()).isTrue();
        take(8, 0, 0);
        assertThat(messages.isInside()).as("the next has begun").isTrue();
        take(0, 0, 0);
        assertThat(messages.isInside()).as("it was empty").isFalse();
    }

    @Test
    void padsAreNoContent() throws Exception {
        messages.take(
                new Frame(Unpooled.wrappedBuffer(
                        Frames.of(Frames.DATA, Frames.PADDED, 1, new byte[] {3, 0, 0, 0, 0, 0, 1, 1, 1}))),
                0);

        assertThat(messages.isInside()).isFalse();
    }

    @Test
    void theServiceWaitsOnlyWhileItAsksAndAMessageIsBegun() throws Exception {
        messages.asked(1, 100);
        assertThat(messages.waitedNanos(500)).isZero();
        messages.take(frame(0, 0), 600);
        assertThat(messages.waitedNanos(1000)).isEqualTo(400);
        messages.take(frame(0, 0, 0, 0), 1000);
        messages.delivered();
        assertThat(messages.waitedNanos(5000)).as("it does not ask").isZero();
        messages.asked(1, 6000);
        assertThat(messages.waitedNanos(6300)).isEqualTo(300);
    }

    @Test
    void headersAreGivenBackWhenTheServiceAsksForTheFirstMessage() {
        assertThat(messages.held(16_000)).isZero();
        assertThat(messages.asked(1, 0)).isEqualTo(16_000);
    }

    /** Whatever comes first, the frame or the service's next request, all is given back once, and no sooner than it may be. */
    @Test
    void allThatIsHeldIsGivenBackOnce() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            assertThat(surplus(random, 1 + random.nextInt(20)))
                    .as("seed %d round %d", seed, round)
                    .isZero();
        }
    }

    /** What is still held when the service has asked behind the last of so many messages. */
    private static long surplus(Random random, int count) throws Exception {
        InboundMessages messages = new InboundMessages();
        List<byte[]> frames = frames(random, count);
        long held = 100 - messages.held(100);
        held -= messages.asked(count + 1, 0);
        int delivered = 0;
        int bytes = 0;
        int[] ends = ends(frames);
        for (byte[] payload : frames) {
            messages.take(frame(payload), 0);
            bytes += payload.length;
            boolean late = random.nextBoolean();
            held += late ? 0 : 50 - messages.held(50);
            while (delivered < count && ends[delivered] <= bytes) {
                messages.delivered();
                delivered++;
                held -= random.nextInt(3) > 0 ? messages.asked(1, 0) : 0;
            }
            held += late ? 50 - messages.held(50) : 0;
            assertThat(held).isNotNegative();
        }
        assertThat(delivered).isEqualTo(count);
        assertThat(messages.isInside()).isFalse();
        return held - messages.asked(1, 0);
    }

    private static List<byte[]> frames(Random random, int count) {
        ByteBuffer all = ByteBuffer.allocate(count * 60);
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(4) == 0 ? 0 : random.nextInt(50);
            all.put((byte) 0).putInt(length).put(new byte[length]);
        }
        byte[] bytes = Arrays.copyOf(all.array(), all.position());
        List<byte[]> frames = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(80));
            frames.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        return frames;
    }

    /** Where each message ends, read off the bytes themselves. */
    private static int[] ends(List<byte[]> frames) {
        ByteBuffer all = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(all::put);
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        while (at < all.capacity()) {
            at += 5 + all.getInt(at + 1);
            ends.add(at);
        }
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    private void take(int... content) throws Exception {
        messages.take(frame(content), 0);
    }

    private static Frame frame(int... content) throws Exception {
        byte[] payload = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            payload[i] = (byte) content[i];
        }
        return frame(payload);
    }

    private static Frame frame(byte[] payload) throws Exception {
        return new Frame(Unpooled.wrappedBuffer(Frames.of(Frames.DATA, 0, 1, payload)));
    }
}
