package io.nuner.model.export.checkpoint.weights;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the entries of a zip file lie (PKWARE APPNOTE 6.3.10; section numbers below). One thread at a time.
 *
 * <p>Only what torch writes is accepted: stored entries with plain names, one disk, no encryption, nothing overlapping.
 */
final class ZipDirectory {
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_DIRECTORY_BYTES = 16 << 20;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int ENCRYPTED = 0x2041; // bits 0, 6 and 13 of the flags
    private static final long IN_EXTRA = 0xffffffffL;

    private final FileBytes file;
    private final ZipEnd end;

    private ZipDirectory(FileBytes file, ZipEnd end) {
        this.file = file;
        this.end = end;
    }

    /** The entries by name, each inside the file. */
    static Map<String, Entry> read(FileBytes file) throws IOException, ModelException {
        ZipEnd end = ZipEnd.find(file);
        if (end.entries() > MAX_ENTRIES || end.directorySize() > MAX_DIRECTORY_BYTES) {
            throw file.refuse("lists " + end.entries() + " zip entries, more than " + MAX_ENTRIES);
        }
        return new ZipDirectory(file, end).entries();
    }

    private Map<String, Entry> entries() throws IOException, ModelException {
        ByteBuffer directory = file.read(end.directoryOffset(), (int) end.directorySize());
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (long i = 0; i < end.entries(); i++) {
            Entry entry = entry(directory);
            if (entries.put(entry.name(), entry) != null) {
                throw file.refuse("lists the zip entry " + entry.name() + " twice");
            }
        }
        requireDisjoint(entries);
        return entries;
    }

    // 4.3.12
    private Entry entry(ByteBuffer directory) throws IOException, ModelException {
        int at = directory.position();
        if (directory.remaining() < ENTRY_BYTES || directory.getInt(at) != ENTRY_SIGNATURE) {
            throw file.refuse("its zip directory is damaged");
        }
        int nameBytes = unsigned(directory, at + 28);
        int extraBytes = unsigned(directory, at + 30);
        int whole = ENTRY_BYTES + nameBytes + extraBytes + unsigned(directory, at + 32);
        if (whole > directory.remaining()) {
            throw file.refuse("its zip directory is damaged");
        }
        String name = name(directory, at + ENTRY_BYTES, nameBytes);
        if ((unsigned(directory, at + 8) & ENCRYPTED) != 0) {
            throw file.refuse("zip entry " + name + " is encrypted");
        }
        long[] fields = {
            directory.getInt(at + 24) & IN_EXTRA,
            directory.getInt(at + 20) & IN_EXTRA,
            directory.getInt(at + 42) & IN_EXTRA
        };
        readExtra(
                directory.duplicate().order(directory.order()).position(at + ENTRY_BYTES + nameBytes),
                extraBytes,
                fields);
        if (unsigned(directory, at + 10) != 0 || fields[0] != fields[1]) {
            throw file.refuse("zip entry " + name + " is compressed, expected stored");
        }
        directory.position(at + whole);
        return located(name, fields[2], fields[0]);
    }

    private String name(ByteBuffer directory, int at, int length) throws ModelException {
        byte[] bytes = new byte[length];
        directory.get(at, bytes);
        String name = new String(bytes, StandardCharsets.UTF_8);
        boolean escapes = List.of(name.split("/", -1)).contains("..");
        boolean odd = name.codePoints().anyMatch(c -> c < ' ' || c == '\\' || c == ':' || c == '\ufffd');
        if (name.isEmpty() || name.startsWith("/") || escapes || odd) {
            throw file.refuse("zip entry " + name + " has a name that leaves the archive or cannot be read");
        }
        return name;
    }

    // 4.5.3: sizes and offset that do not fit 32 bits, in this order, each only if its field is saturated
    private void readExtra(ByteBuffer extra, int length, long... fields) throws ModelException {
        int limit = extra.position() + length;
        while (limit - extra.position() >= 4) {
            int id = extra.getShort() & 0xffff;
            int next = extra.position() + 2 + (extra.getShort(extra.position()) & 0xffff);
            extra.getShort();
            if (next > limit) {
                throw file.refuse("its zip directory is damaged");
            }
            for (int i = 0; id == 1 && i < fields.length; i++) {
                fields[i] = fields[i] == IN_EXTRA && next - extra.position() >= 8 ? extra.getLong() : fields[i];
            }
            extra.position(next);
        }
    }

    // 4.3.7: the local header says where the content starts, and must name the same entry
    private Entry located(String name, long localOffset, long size) throws IOException, ModelException {
        ByteBuffer local = file.read(localOffset, LOCAL_BYTES);
        int nameBytes = unsigned(local, 26);
        boolean matches = local.getInt(0) == LOCAL_SIGNATURE && unsigned(local, 8) == 0;
        byte[] localName = matches ? file.copy(localOffset + LOCAL_BYTES, nameBytes) : new byte[0];
        if (!matches || !name.equals(new String(localName, StandardCharsets.UTF_8))) {
            throw file.refuse("zip entry " + name + " differs from its own header");
        }
        long start = localOffset + LOCAL_BYTES + nameBytes + unsigned(local, 28);
        if (size < 0 || start > end.directoryOffset() || size > end.directoryOffset() - start) {
            throw file.refuse("zip entry " + name + " of " + size + " bytes reaches outside the archive");
        }
        return new Entry(name, start, size);
    }

    private void requireDisjoint(Map<String, Entry> entries) throws ModelException {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::offset));
        long free = 0;
        for (Entry entry : sorted) {
            if (entry.offset() < free) {
                throw file.refuse("zip entry " + entry.name() + " overlaps another one");
            }
            free = entry.offset() + entry.size();
        }
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xffff;
    }

    /**
     * An uncompressed entry of a zip file. Immutable.
     *
     * @param offset bytes from the start of the file to the entry's content
     * @param size bytes of content
     */
    record Entry(String name, long offset, long size) {}
}
