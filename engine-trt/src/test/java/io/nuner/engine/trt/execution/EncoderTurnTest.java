package io.nuner.engine.trt.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.testing.FakeDevice;
import io.nuner.engine.trt.testing.FakeDeviceLayer;
import io.nuner.engine.trt.testing.Notes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EncoderTurnTest {
    private final FakeDevice device = new FakeDeviceLayer(1).open(0);
    private final EncoderTurn turn = new EncoderTurn();

    @BeforeEach
    void makeCurrent() throws DeviceException {
        device.makeCurrent();
    }

    @Test
    void anEncoderRunsBehindTheOneBeforeItOnAnyStreamAndHeadsDoNotHoldItUp() throws DeviceException {
        Slots slots = new Slots();
        slots.encode(slots.one, slots.oneDone, "encoder 1");
        Notes.add(slots.one, "head 1");
        slots.encode(slots.other, slots.otherDone, "encoder 2");

        slots.otherDone.await(); // only what encoder 2 waits for has to run

        assertThat(device.log()).containsExactly("encoder 1", "encoder 2");
    }

    @Test
    void anEncoderThatFailedIsNotWaitedFor() throws DeviceException {
        Slots slots = new Slots();
        assertThatThrownBy(() -> turn.take(slots.one, slots.oneDone, () -> {
                    throw DeviceException.failed("enqueueV3: no");
                }))
                .isInstanceOf(DeviceException.class);
        slots.encode(slots.other, slots.otherDone, "encoder 2");

        slots.otherDone.await();

        assertThat(device.log()).containsExactly("encoder 2");
    }

    @Test
    void theOrderIsThatInWhichTurnsWereTakenNotThatOfWaiting() throws DeviceException {
        Slots slots = new Slots();
        slots.encode(slots.other, slots.otherDone, "encoder 1");
        slots.encode(slots.one, slots.oneDone, "encoder 2");
        slots.encode(slots.other, slots.otherDone, "encoder 3");

        slots.oneDone.await();
        assertThat(device.log()).containsExactly("encoder 1", "encoder 2");
        slots.otherDone.await();
        assertThat(device.log()).containsExactly("encoder 1", "encoder 2", "encoder 3");
    }

    private final class Slots {
        private final DeviceStream one = device.newStream();
        private final DeviceStream other = device.newStream();
        private final DeviceEvent oneDone = device.newEvent();
        private final DeviceEvent otherDone = device.newEvent();

        Slots() throws DeviceException {
            assertThat(device.log()).isEmpty();
        }

        void encode(DeviceStream stream, DeviceEvent done, String name) throws DeviceException {
            turn.take(stream, done, () -> Notes.add(stream, name));
        }
    }
}
