package io.nuner.engine.trt.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
    private static final Optional<Duration> LONG = Optional.of(Duration.ofSeconds(60));

    private final List<String> lines = new ArrayList<>();

    @Test
    void passesArgumentsLinesAndTheExitCode() throws Exception {
        ChildEnd end = child("echo").run(List.of("echo", "one", "two words"), LONG, lines::add);

        assertThat(lines).containsExactly("one", "two words");
        assertThat(end).isEqualTo(new ChildEnd(3, false, List.of("an error")));
    }

    @Test
    void givesTheChildItsOptions() throws Exception {
        ChildJvm jvm = new ChildJvm(Child.class.getName(), List.of("-Dscene=option"));

        jvm.run(List.of("scene"), LONG, lines::add);

        assertThat(lines).containsExactly("option");
    }

    @Test
    void endsAChildWhoseTimeIsUp() throws Exception {
        ChildEnd end = child("hang").run(List.of("hang"), Optional.of(Duration.ofMillis(500)), lines::add);

        assertThat(end.timedOut()).isTrue();
        assertThat(end.isGood()).isFalse();
    }

    @Test
    void endsTheChildWhenTheCallerIsInterrupted() throws Exception {
        Thread caller = Thread.currentThread();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> child("hang").run(List.of("hang"), Optional.empty(), line -> {
                    lines.add(line);
                    caller.interrupt();
                }));

        assertEnds(lines.get(0));
    }

    @Test
    void theChildEndsWithItsParent() throws Exception {
        // A child that has a child; the elder is killed so hard that it can do nothing about the younger.
        Process elder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        "parent")
                .start();
        String younger;
        try (var reader = elder.inputReader()) {
            younger = reader.readLine();
            elder.destroyForcibly().waitFor();
        }

        assertEnds(younger);
    }

    private static ChildJvm child(String scene) {
        return new ChildJvm(Child.class.getName(), List.of("-Dscene=" + scene));
    }

    private static void assertEnds(String pid) throws Exception {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
        if (process.isPresent()) {
            process.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    /** The child. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            ParentWatch.start();
            switch (arguments[0]) {
                case "echo" -> echo(arguments);
                case "scene" -> System.out.println(System.getProperty("scene"));
                case "hang" -> hang();
                case "parent" -> child("hang").run(List.of("hang"), Optional.empty(), System.out::println);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        private static void echo(String[] arguments) {
            for (int index = 1; index < arguments.length; index++) {
                System.out.println(arguments[index]);
            }
            System.err.println("an error");
            System.exit(3);
        }

        private static void hang() throws InterruptedException {
            System.out.println(ProcessHandle.current().pid());
            new CountDownLatch(1).await();
        }
    }
}
