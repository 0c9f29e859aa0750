package io.nuner.model.export.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, hostile ones included. One thread at a time. */
public final class PickleBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public PickleBuilder() {
        op(0x80, 2);
    }

    public PickleBuilder op(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    public PickleBuilder text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X', utf8.length & 0xff, utf8.length >> 8, 0, 0);
        bytes.writeBytes(utf8);
        return this;
    }

    public PickleBuilder global(String module, String name) {
        op('c');
        bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleBuilder number(int value) {
        return op('J', value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24 & 0xff);
    }

    /** A float tensor of the given storage key, element count, offset and shape {@code [rows]}. */
    public PickleBuilder tensor(String key, int elements, int offset, int rows) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage")
                .global("torch", "FloatStorage")
                .text(key)
                .text("cpu")
                .number(elements)
                .op('t', 'Q');
        number(offset).number(rows).op(0x85).number(1).op(0x85).op(0x89);
        global("collections", "OrderedDict").op(')', 'R');
        return op('t', 'R');
    }

    public byte[] stop() {
        op('.');
        return bytes.toByteArray();
    }
}
