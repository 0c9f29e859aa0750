package io.nuner.engine.trt.library;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes small shared libraries for Linux on 64-bit x86, with functions in machine code: stand-ins for NVIDIA's, made without a
 * compiler. The format is that of System V's ABI, chapters 4 and 5, and of its AMD64 supplement.
 */
public final class SharedObject {
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int PROGRAM_HEADERS = 4;
    private static final int SYMBOL = 24;
    private static final int PAGE = 0x1000;
    private static final int READ_EXECUTE = 5;
    private static final int READ_WRITE = 6;
    private static final int VERSION_DEFINITION = 28;
    private static final int BYTES = 64 << 10;

    private static final long DT_NULL = 0;
    private static final long DT_HASH = 4;
    private static final long DT_STRTAB = 5;
    private static final long DT_SYMTAB = 6;
    private static final long DT_STRSZ = 10;
    private static final long DT_SYMENT = 11;
    private static final long DT_INIT = 12;
    private static final long DT_SONAME = 14;
    private static final long DT_VERSYM = 0x6ffffff0L;
    private static final long DT_VERDEF = 0x6ffffffcL;
    private static final long DT_VERDEFNUM = 0x6ffffffdL;

    private final String name;
    private final Map<String, byte[]> functions = new LinkedHashMap<>();
    private final Strings strings = new Strings();
    private byte[] onLoad = {(byte) 0xc3};

    /** A library of this name, which is also the version of its symbols. */
    public SharedObject(String name) {
        this.name = name;
        strings.offset(name);
    }

    /** Adds a function. */
    public SharedObject with(String function, byte[] code) {
        functions.put(function, code);
        return this;
    }

    /** What is run when it is loaded. */
    public SharedObject onLoad(byte[] code) {
        onLoad = code;
        return this;
    }

    /** Writes it under its name. */
    public Path writeInto(Path directory) throws IOException {
        return Files.write(directory.resolve(name), bytes());
    }

    private byte[] bytes() {
        int symbols = functions.size() + 1;
        int symbolTable = HEADER + PROGRAM_HEADERS * PROGRAM_HEADER;
        int hash = symbolTable + symbols * SYMBOL;
        int versions = hash + 4 * (3 + symbols);
        int definitions = align(versions + 2 * symbols, 8);
        int code = definitions + 2 * VERSION_DEFINITION;
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> addresses = writeCode(out.position(code));
        int text = out.position();
        writeSymbols(out.position(symbolTable), addresses);
        writeHash(out.position(hash), symbols);
        writeVersions(out.position(versions), symbols);
        writeDefinitions(out.position(definitions));
        out.position(text).put(strings.bytes());
        int end = out.position();
        int dynamic = align(end, PAGE);
        out.position(dynamic);
        writeDynamic(out, DT_SONAME, strings.offset(name), DT_HASH, hash, DT_STRTAB, text, DT_STRSZ, end - text);
        writeDynamic(out, DT_SYMTAB, symbolTable, DT_SYMENT, SYMBOL, DT_INIT, code);
        writeDynamic(out, DT_VERSYM, versions, DT_VERDEF, definitions, DT_VERDEFNUM, 2, DT_NULL, 0);
        int length = out.position();
        writeHeaders(out.position(0), end, dynamic, length - dynamic);
        return Arrays.copyOf(out.array(), length);
    }

    /** Writes what runs on loading, then the functions, and returns where those are. */
    private List<Integer> writeCode(ByteBuffer out) {
        List<Integer> addresses = new ArrayList<>();
        out.put(onLoad);
        for (byte[] function : functions.values()) {
            addresses.add(out.position());
            out.put(function);
        }
        return addresses;
    }

    private static void writeDynamic(ByteBuffer out, long... entries) {
        for (long entry : entries) {
            out.putLong(entry);
        }
    }

    private static void writeHeaders(ByteBuffer out, int readOnly, int dynamic, int dynamicLength) {
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        out.putShort((short) 3)
                .putShort((short) 62)
                .putInt(1)
                .putLong(0)
                .putLong(HEADER)
                .putLong(0)
                .putInt(0);
        out.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) PROGRAM_HEADERS);
        out.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        writeSegment(out, 1, READ_EXECUTE, 0, readOnly);
        writeSegment(out, 1, READ_WRITE, dynamic, dynamicLength);
        writeSegment(out, 2, READ_WRITE, dynamic, dynamicLength);
        // A stack that is not executable; the Java virtual machine would otherwise warn.
        writeSegment(out, 0x6474e551, READ_WRITE, 0, 0);
    }

    private static void writeSegment(ByteBuffer out, int type, int flags, int offset, int length) {
        out.putInt(type).putInt(flags).putLong(offset).putLong(offset).putLong(offset);
        out.putLong(length).putLong(length).putLong(type == 1 ? PAGE : 8);
    }

    private void writeSymbols(ByteBuffer out, List<Integer> addresses) {
        out.position(out.position() + SYMBOL);
        int index = 0;
        for (Map.Entry<String, byte[]> function : functions.entrySet()) {
            out.putInt(strings.offset(function.getKey()))
                    .put((byte) 0x12)
                    .put((byte) 0)
                    .putShort((short) 1);
            out.putLong(addresses.get(index)).putLong(function.getValue().length);
            index++;
        }
    }

    /** One bucket for all of them. */
    private static void writeHash(ByteBuffer out, int symbols) {
        out.putInt(1).putInt(symbols).putInt(symbols > 1 ? 1 : 0).putInt(0);
        for (int symbol = 1; symbol < symbols; symbol++) {
            out.putInt(symbol + 1 < symbols ? symbol + 1 : 0);
        }
    }

    private static void writeVersions(ByteBuffer out, int symbols) {
        out.putShort((short) 0);
        for (int symbol = 1; symbol < symbols; symbol++) {
            out.putShort((short) 2);
        }
    }

    private void writeDefinitions(ByteBuffer out) {
        writeDefinition(out, 1, 1, VERSION_DEFINITION);
        writeDefinition(out, 0, 2, 0);
    }

    private void writeDefinition(ByteBuffer out, int flags, int index, int next) {
        out.putShort((short) 1).putShort((short) flags).putShort((short) index).putShort((short) 1);
        out.putInt(hash(name))
                .putInt(20)
                .putInt(next)
                .putInt(strings.offset(name))
                .putInt(0);
    }

    private static int hash(String text) {
        int hash = 0;
        for (byte character : text.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash << 4) + character;
            int high = hash & 0xf0000000;
            hash = (hash ^ (high >>> 24)) & ~high;
        }
        return hash;
    }

    private static int align(int offset, int boundary) {
        return (offset + boundary - 1) / boundary * boundary;
    }

    /** The string table: texts, each ended by a zero, the empty one first. */
    private static final class Strings {
        private final Map<String, Integer> offsets = new LinkedHashMap<>(Map.of("", 0));
        private int length = 1;

        int offset(String text) {
            Integer known = offsets.get(text);
            if (known != null) {
                return known;
            }
            int offset = length;
            offsets.put(text, offset);
            length += text.length() + 1;
            return offset;
        }

        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(length);
            offsets.forEach((text, offset) -> out.position(offset).put(text.getBytes(StandardCharsets.US_ASCII)));
            return out.array();
        }
    }
}
