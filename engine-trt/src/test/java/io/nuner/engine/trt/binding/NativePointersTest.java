package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.trt.library.LibraryFinder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** JavaCPP's own library needs nothing of NVIDIA's, so it is loaded into the tests' process. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativePointersTest {
    @BeforeAll
    static void load(@TempDir Path directory) throws Exception {
        System.setProperty("org.bytedeco.javacpp.loadlibraries", "false");
        System.load(LibraryStore.inCache(directory)
                .directory(LibraryFinder.bindingBundle())
                .resolve("libjnijavacpp.so")
                .toString());
    }

    @Test
    void lowAddressesPointToNothing() {
        assertThat(NativePointers.isUsable(null)).isFalse();
        assertThat(NativePointers.isUsable(new Pointer())).isFalse();
        assertThat(NativePointers.isUsable(at(0x228))).isFalse();
        assertThat(NativePointers.isUsable(at(0xffff))).isFalse();
        assertThat(NativePointers.isUsable(at(0x10000))).isTrue();
    }

    @Test
    void buffersShareTheMemoryChunkByChunk() {
        byte[] content = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        try (BytePointer memory = new BytePointer(content)) {
            // As TensorRT hands it over: an address and nothing else.
            List<ByteBuffer> buffers = NativePointers.buffers(at(memory.address()), content.length, 4);

            assertThat(buffers).extracting(ByteBuffer::remaining).containsExactly(4, 4, 2);
            ByteBuffer joined = ByteBuffer.allocate(content.length);
            buffers.forEach(joined::put);
            assertThat(joined.array()).isEqualTo(content);
        }
    }

    @Test
    void aDirectBufferIsTakenFromItsPosition() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        for (int index = 0; index < 8; index++) {
            buffer.put(index, (byte) index);
        }
        buffer.position(3).limit(6);

        BytePointer pointer = NativePointers.of(buffer);

        assertThat(pointer.get(0)).isEqualTo((byte) 3);
        assertThat(pointer.limit()).isEqualTo(3);
        assertThat(NativePointers.buffers(at(pointer.address()), 3, 8).get(0)).isEqualTo(buffer);
    }

    private static Pointer at(long where) {
        return new Pointer() {
            {
                this.address = where;
            }
        };
    }
}
