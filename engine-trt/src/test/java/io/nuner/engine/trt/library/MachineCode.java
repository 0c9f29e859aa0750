package io.nuner.engine.trt.library;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bodies of functions for 64-bit x86, called as C is on Linux. */
public final class MachineCode {
    private MachineCode() {}

    /** Returns an int. */
    public static byte[] returning(int value) {
        return code(6).put((byte) 0xb8).putInt(value).put((byte) 0xc3).array();
    }

    /** Stores an int where the first argument points to, and returns 0. */
    public static byte[] storing(int value) {
        return code(9).put(new byte[] {(byte) 0xc7, 0x07})
                .putInt(value)
                .put(new byte[] {0x31, (byte) 0xc0, (byte) 0xc3})
                .array();
    }

    /** Stores a pointer where the first argument points to, and returns 0. */
    public static byte[] storingPointer(long value) {
        return code(16).put(new byte[] {0x48, (byte) 0xb8})
                .putLong(value)
                .put(new byte[] {0x48, (byte) 0x89, 0x07, 0x31, (byte) 0xc0, (byte) 0xc3})
                .array();
    }

    /** Stores a pointer where the second argument points to, and returns 0. */
    public static byte[] storingPointerSecond(long value) {
        byte[] code = storingPointer(value);
        code[12] = 0x06;
        return code;
    }

    /** Stores a pointer to memory that is there, but only to be read, where the first argument points to; returns 0. */
    public static byte[] storingOwnAddress() {
        return new byte[] {0x48, (byte) 0x8d, 0x05, 0, 0, 0, 0, 0x48, (byte) 0x89, 0x07, 0x31, (byte) 0xc0, (byte) 0xc3
        };
    }

    /** Returns a pointer to memory that is there. */
    public static byte[] returningPointer() {
        return new byte[] {0x48, (byte) 0x8d, 0x05, 0, 0, 0, 0, (byte) 0xc3};
    }

    /** Reads from address 0. */
    public static byte[] crashing() {
        return new byte[] {0x31, (byte) 0xc0, (byte) 0x8b, 0x00, (byte) 0xc3};
    }

    /** Never returns. */
    public static byte[] hanging() {
        return new byte[] {(byte) 0xeb, (byte) 0xfe};
    }

    private static ByteBuffer code(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
