package io.nuner.engine.trt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChildEndTest {
    @Test
    void isGoodWithExitCodeZeroInTime() {
        assertThat(new ChildEnd(0, false, List.of()).isGood()).isTrue();
        assertThat(new ChildEnd(1, false, List.of()).isGood()).isFalse();
        assertThat(new ChildEnd(0, true, List.of()).isGood()).isFalse();
    }

    @Test
    void tellsTheExitCodeAndTheLastLine() {
        assertThat(new ChildEnd(127, false, List.of("first", "undefined symbol: x", "  ")).words())
                .isEqualTo("ended with exit code 127 (undefined symbol: x)");
        assertThat(new ChildEnd(1, false, List.of()).words()).isEqualTo("ended with exit code 1");
    }

    @Test
    void tellsTheSignal() {
        assertThat(new ChildEnd(137, false, List.of()).words()).isEqualTo("was ended by SIGKILL");
        assertThat(new ChildEnd(159, false, List.of()).words()).isEqualTo("was ended by signal 31");
    }

    @Test
    void tellsOfACrashWhatTheVirtualMachineSaid() {
        List<String> report = List.of(
                "#",
                "# A fatal error has been detected by the Java Runtime Environment:",
                "#",
                "#  SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2",
                "#",
                "# Problematic frame:",
                "# C  [libnvinfer.so.11+0x1a0]");

        assertThat(new ChildEnd(134, false, report).words())
                .isEqualTo("was ended by SIGSEGV in [libnvinfer.so.11+0x1a0]");
    }

    @Test
    void tellsThatTheTimeWasUp() {
        assertThat(new ChildEnd(137, true, List.of("a line")).words()).isEqualTo("did not end in time");
    }

    @Test
    void shortensALongLine() {
        assertThat(new ChildEnd(1, false, List.of("x".repeat(500))).words())
                .isEqualTo("ended with exit code 1 (" + "x".repeat(400) + "...)");
    }
}
