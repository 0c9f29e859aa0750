package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.trt.binding.probe.Gpus;
import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PinnedMemory;
import io.nuner.engine.trt.library.MachineCode;
import io.nuner.engine.trt.library.NvidiaScene;
import io.nuner.engine.trt.library.SharedObject;
import io.nuner.engine.trt.process.ChildEnd;
import io.nuner.engine.trt.process.ChildJvm;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The calls to CUDA through the real binding, with a stand-in for CUDA's runtime, in a process of its own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CudaDeviceTest {
    private static final long HANDLE = 0x7000_0000L;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyCallReachesCuda() throws Exception {
        assertThat(run(cudart()))
                .containsExactly(
                        "device GPU",
                        "pinned 4096 LITTLE_ENDIAN",
                        "copied and waited",
                        "captured",
                        "launched",
                        "too much refused: a copy of 4097 bytes from or to 4096 bytes of pinned memory",
                        "closed");
    }

    @Test
    void shortMemoryIsTold() throws Exception {
        assertThat(run(cudart().with("cudaMalloc", MachineCode.returning(2))))
                .last()
                .isEqualTo("out of memory: cudaMalloc of 8192 bytes failed: cudaErrorMemoryAllocation (2)");
    }

    @Test
    void aBrokenCaptureIsTold() throws Exception {
        assertThat(run(cudart().with("cudaStreamEndCapture", MachineCode.returning(901))))
                .last()
                .isEqualTo("failed: cudaStreamEndCapture failed: cudaErrorStreamCaptureInvalidated (901)");
    }

    @Test
    void nothingIsCalledOnceTheGpuIsLost() throws Exception {
        SharedObject lost = cudart().with("cudaEventSynchronize", MachineCode.returning(700));
        for (String later : List.of(
                "cudaFree",
                "cudaFreeHost",
                "cudaEventDestroy",
                "cudaStreamDestroy",
                "cudaStreamBeginCapture",
                "cudaStreamEndCapture")) {
            lost.with(later, MachineCode.crashing());
        }

        assertThat(run(lost)).last().isEqualTo("lost: cudaEventSynchronize failed: cudaErrorIllegalAddress (700)");
    }

    private static SharedObject cudart() {
        SharedObject library = NvidiaScene.cudart()
                .with("cudaStreamCreateWithFlags", MachineCode.storingPointer(HANDLE))
                .with("cudaEventCreateWithFlags", MachineCode.storingPointer(HANDLE))
                .with("cudaMalloc", MachineCode.storingPointer(HANDLE))
                .with("cudaHostAlloc", MachineCode.storingOwnAddress())
                .with("cudaStreamEndCapture", MachineCode.storingPointerSecond(HANDLE))
                .with("cudaGraphInstantiate", MachineCode.storingPointer(HANDLE));
        for (String plain : List.of(
                "cudaSetDevice",
                "cudaFree",
                "cudaFreeHost",
                "cudaMemcpyAsync",
                "cudaEventRecord",
                "cudaEventSynchronize",
                "cudaEventDestroy",
                "cudaStreamWaitEvent",
                "cudaStreamBeginCapture",
                "cudaStreamDestroy",
                "cudaGraphLaunch",
                "cudaGraphDestroy",
                "cudaGraphExecDestroy")) {
            library.with(plain, MachineCode.returning(0));
        }
        return library;
    }

    private List<String> run(SharedObject cudart) throws Exception {
        NvidiaScene scene = new NvidiaScene(directory).with(cudart);
        List<String> lines = new ArrayList<>();

        ChildEnd end = new ChildJvm(Work.class.getName(), List.of("-Xmx128m"))
                .run(scene.arguments(), Optional.of(Duration.ofSeconds(60)), lines::add);

        assertThat(end.exitCode()).as(end::words).isZero();
        return lines;
    }

    /** The process that works with the device. */
    static final class Work {
        private Work() {}

        public static void main(String[] arguments) throws Exception {
            Gpus gpus = new Gpus(NvidiaScene.finder(List.of(arguments)), Duration.ofSeconds(30));
            Device device = gpus.deviceLayer().open(0);
            System.out.println("device " + device.info().name());
            try {
                device.makeCurrent();
                work(device);
                System.out.println("closed");
            } catch (DeviceException e) {
                String kind = e.isOutOfMemory() ? "out of memory: " : e.isSticky() ? "lost: " : "failed: ";
                System.out.println(kind + e.getMessage());
            }
        }

        private static void work(Device device) throws DeviceException {
            try (PinnedMemory pinned = device.allocatePinned(4096);
                    DeviceMemory memory = device.allocate(8192);
                    DeviceStream stream = device.newStream();
                    DeviceEvent event = device.newEvent()) {
                ByteOrder order = pinned.buffer().order();
                System.out.println("pinned " + pinned.buffer().capacity() + " " + order);
                stream.copyToDevice(pinned, memory, 4096);
                stream.copyToHost(memory, pinned, 4096);
                stream.record(event);
                stream.waitFor(event);
                event.await();
                System.out.println("copied and waited");
                capture(stream);
                refuse(stream, pinned, memory);
            }
        }

        private static void capture(DeviceStream stream) throws DeviceException {
            stream.beginCapture();
            try (CapturedGraph graph = stream.endCapture()) {
                System.out.println("captured");
                stream.launch(graph);
                System.out.println("launched");
            }
        }

        private static void refuse(DeviceStream stream, PinnedMemory pinned, DeviceMemory memory) {
            try {
                stream.copyToDevice(pinned, memory, 4097);
                System.out.println("not refused");
            } catch (DeviceException e) {
                System.out.println("too much refused: " + e.getMessage());
            }
        }
    }
}
