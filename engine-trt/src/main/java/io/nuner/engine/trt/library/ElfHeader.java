package io.nuner.engine.trt.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first bytes of a native library of Linux, which say what machine it is for. */
final class ElfHeader {
    private static final int BYTES = 20;
    private static final int MAGIC = 0x464c457f;
    private static final byte CLASS_64_BIT = 2;
    private static final short SHARED_OBJECT = 3;
    private static final short X86_64 = 62;

    private ElfHeader() {}

    /** True if the file is a shared library for 64-bit x86. */
    static boolean isLoadable(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            return header.limit() == BYTES
                    && header.getInt(0) == MAGIC
                    && header.get(4) == CLASS_64_BIT
                    && header.getShort(16) == SHARED_OBJECT
                    && header.getShort(18) == X86_64;
        }
    }
}
