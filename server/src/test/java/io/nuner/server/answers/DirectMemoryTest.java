package io.nuner.server.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.util.internal.OutOfDirectMemoryError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a process of its own, since Netty reads its limit once. */
class DirectMemoryTest {
    private static final int VIRTUAL_MACHINE_MIB = 64;
    private static final int MIB = 1 << 20;

    @Test
    void nettyFailsAtOnceBelowTheLimitOfTheVirtualMachine() throws Exception {
        assertThat(childOf()).isEqualTo("limit 48 MiB, used up by 48 MiB, failed at once");
    }

    @Test
    void anOperatorsLimitStays() throws Exception {
        assertThat(childOf("-Dio.grpc.netty.shaded.io.netty.maxDirectMemory=" + 16 * MIB))
                .isEqualTo("limit 16 MiB, used up by 16 MiB, failed at once");
    }

    private static String childOf(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:MaxDirectMemorySize=" + VIRTUAL_MACHINE_MIB + "m"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return line.strip();
    }

    /** Takes all that it gets. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            DirectMemory.boundNetty();
            List<ByteBuf> held = new ArrayList<>();
            long asked = System.nanoTime();
            try {
                while (true) {
                    asked = System.nanoTime();
                    held.add(PooledByteBufAllocator.DEFAULT.directBuffer(8 * MIB));
                }
            } catch (OutOfDirectMemoryError e) {
                long millis = (System.nanoTime() - asked) / 1_000_000;
                System.out.printf(
                        "limit %d MiB, used up by %d MiB, failed %s%n",
                        DirectMemory.limit() / MIB,
                        DirectMemory.used() / MIB,
                        millis < 250 ? "at once" : "after " + millis + " ms");
            }
            held.forEach(ByteBuf::release);
        }
    }
}
