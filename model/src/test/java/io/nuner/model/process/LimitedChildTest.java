package io.nuner.model.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitedChildTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    @ParameterizedTest
    @CsvSource({
        "good, ''",
        "fails, ended with exit code 1",
        "aborts, was ended by signal 6",
        "hangs, did not end within 3 s",
        "swells, took more than 400 MiB of memory"
    })
    void saysHowTheChildEnded(String what, String end) throws Exception {
        LimitedChild child = new LimitedChild(Child.class.getName(), 1024, 400, LIMIT);

        assertThat(child.run(what.getBytes(StandardCharsets.UTF_8))).isEqualTo(end);
    }

    /** What runs in the child. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            LimitedChild.endAfter(LIMIT.multipliedBy(3));
            switch (new String(System.in.readAllBytes(), StandardCharsets.UTF_8)) {
                case "good" -> System.out.println("x".repeat(1 << 20)); // more than a pipe holds
                case "aborts" -> Runtime.getRuntime().halt(128 + 6); // as a shell tells of it
                case "hangs" -> Thread.currentThread().join();
                case "swells" -> swell();
                default -> throw new IllegalStateException("fails");
            }
        }

        private static void swell() {
            List<ByteBuffer> kept = new ArrayList<>();
            while (kept.size() < 1_000) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
                for (int page = 0; page < buffer.capacity(); page += 4096) {
                    buffer.put(page, (byte) 1);
                }
                kept.add(buffer);
            }
        }
    }
}
