package io.nuner.model.export.checkpoint.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.export.checkpoint.PickleBuilder;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PickleMachineTest {
    @Test
    void plainValuesBecomePlainValues() throws PickleRefused {
        byte[] pickle = new PickleBuilder()
                .op('}', 'q', 0, '(')
                .text("a")
                .op(']', '(', 'K', 7, 0x8a, 2, 0xff, 0xff, 0x88, 'e')
                .text("b")
                .op('h', 0)
                .op('u')
                .stop();

        Object value = PickleMachine.read(pickle);

        assertThat(value).isInstanceOf(Map.class);
        assertThat(((Map<?, ?>) value).get("a")).isEqualTo(List.of(7L, -1L, true));
        assertThat(((Map<?, ?>) value).get("b")).isSameAs(value);
    }

    @Test
    void namesOutsideTheListAreRefusedByName() {
        assertRefused(new PickleBuilder().global("os", "system").text("id").op(0x85, 'R'), "os.system");
        assertRefused(new PickleBuilder().global("builtins", "eval"), "builtins.eval");
        assertRefused(new PickleBuilder().text("posix").text("system").op(0x93), "posix.system");
        assertRefused(new PickleBuilder().global("torch", "FloatStorage.__reduce__"), "__reduce__");
        assertRefused(new PickleBuilder().global("torch.hub", "load"), "torch.hub.load");
        assertRefused(new PickleBuilder().global("torch._utils", "_rebuild_device_tensor_from_numpy"), "numpy");
        assertRefused(new PickleBuilder().global("_pickle", "loads"), "_pickle.loads");
    }

    @Test
    void opcodesThatExecuteOrReachOutAreRefused() {
        for (int opcode :
                new int[] {'i', 'o', 0x81, 0x92, 'P', 0x82, 0x83, 0x84, 0x96, 0x97, 0x98, 'B', 0x8e, 'I', 'S'}) {
            assertRefused(new PickleBuilder().op('(').op(opcode), "opcode 0x%02x".formatted(opcode));
        }
    }

    @Test
    void callsOfAnythingButAKnownNameAreRefused() {
        assertRefused(new PickleBuilder().text("os.system").op(')', 'R'), "no name");
        assertRefused(new PickleBuilder().global("torch", "FloatStorage").op(')', 'R'), "torch.FloatStorage");
        assertRefused(new PickleBuilder().global("collections", "OrderedDict").op(']', 0x85, 'R'), "made of something");
        assertRefused(
                new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op(')', 'R'), "tensor");
        assertRefused(new PickleBuilder().text("storage").op(0x85, 'Q'), "persistent id");
        assertRefused(new PickleBuilder().op(']').op('}', 'b'), "state");
    }

    @Test
    void damagedPicklesAreRefused() {
        assertRefused(new byte[0], "early end");
        assertRefused(new byte[] {(byte) 0x80, 2}, "early end");
        assertRefused(new PickleBuilder().op('.', '.'), "missing value");
        assertRefused(new PickleBuilder().op('t'), "missing mark");
        assertRefused(new PickleBuilder().op('h', 9), "memo entry 9");
        assertRefused(new PickleBuilder().op(')', ')'), "values left");
        assertRefused(new PickleBuilder().op('X', 0xff, 0xff, 0xff, 0x7f), "text of 2147483647 bytes");
        assertRefused(new PickleBuilder().op('X', 0xff, 0xff, 0xff, 0xff), "2 GB");
        assertRefused(new PickleBuilder().op(0x8a, 200), "number of 200 bytes");
        assertRefused(new PickleBuilder().op(0x80, 9), "protocol 9");
        assertRefused(new PickleBuilder().op('}', 'K', 1, 'K', 1, 's'), "key that is no text");
        assertRefused(new PickleBuilder().op('(', ')', 'a'), "missing value");
    }

    @Test
    void bombsStayInBounds() {
        PickleBuilder nested = new PickleBuilder();
        PickleBuilder pushing = new PickleBuilder();
        PickleBuilder memoizing = new PickleBuilder().op(')');
        for (int i = 0; i < 1_000_001; i++) {
            nested.op('(');
            pushing.op('N');
            memoizing.op(0x94);
        }
        assertRefused(nested, "nesting deeper than 100");
        assertRefused(pushing, "more than 1000000 values");
        assertRefused(memoizing, "memo of more than 1000000");
    }

    @Test
    void randomBytesNeverDoMoreThanBeRefused() {
        for (long seed = 0; seed < 2_000; seed++) {
            byte[] junk = new byte[64];
            new SplittableRandom(seed).nextBytes(junk);
            try {
                PickleMachine.read(junk);
            } catch (PickleRefused expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    private static void assertRefused(PickleBuilder pickle, String reason) {
        assertRefused(pickle.stop(), reason);
    }

    private static void assertRefused(byte[] pickle, String reason) {
        assertThatThrownBy(() -> PickleMachine.read(pickle))
                .isInstanceOf(PickleRefused.class)
                .hasMessageContaining(reason);
    }
}
