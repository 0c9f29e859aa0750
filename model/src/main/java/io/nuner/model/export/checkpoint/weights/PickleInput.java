package io.nuner.model.export.checkpoint.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read from front to back. One thread at a time. */
final class PickleInput {
    private static final int MAX_TEXT_BYTES = 64 << 10;
    private static final int MAX_LONG_BYTES = 8;

    private final ByteBuffer bytes;

    PickleInput(byte[] pickle) {
        bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    int unsignedByte() throws PickleRefused {
        require(1);
        return bytes.get() & 0xff;
    }

    int unsignedShort() throws PickleRefused {
        require(2);
        return bytes.getShort() & 0xffff;
    }

    int signedInt() throws PickleRefused {
        require(4);
        return bytes.getInt();
    }

    /** A 4-byte index or length. */
    int length() throws PickleRefused {
        int length = signedInt();
        if (length < 0) {
            throw new PickleRefused("a length above 2 GB at byte " + position());
        }
        return length;
    }

    /** An 8-byte big-endian float, the only big-endian thing in a pickle. */
    double bigEndianDouble() throws PickleRefused {
        require(8);
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    /** A two's complement number of at most eight bytes. */
    long number(int length) throws PickleRefused {
        if (length > MAX_LONG_BYTES) {
            throw new PickleRefused("a number of " + length + " bytes");
        }
        require(length);
        long number = 0;
        for (int i = 0; i < length; i++) {
            number |= (bytes.get() & 0xffL) << (8 * i);
        }
        int unused = 64 - 8 * length;
        return length == 0 ? 0 : number << unused >> unused;
    }

    String text(int length) throws PickleRefused {
        if (length > MAX_TEXT_BYTES) {
            throw new PickleRefused("a text of " + length + " bytes");
        }
        require(length);
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Text up to the next newline, which is skipped. */
    String line() throws PickleRefused {
        int start = bytes.position();
        while (unsignedByte() != '\n') {
            if (bytes.position() - start > MAX_TEXT_BYTES) {
                throw new PickleRefused("a line without end");
            }
        }
        int length = bytes.position() - 1 - start;
        bytes.position(start);
        String line = text(length);
        bytes.get();
        return line;
    }

    void skip(int count) throws PickleRefused {
        require(count);
        bytes.position(bytes.position() + count);
    }

    private void require(int count) throws PickleRefused {
        if (bytes.remaining() < count) {
            throw new PickleRefused("an early end at byte " + bytes.position());
        }
    }
}
