package io.nuner.model.export.checkpoint.weights;

import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of a zip file, which says where its directory lies (PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16). Immutable.
 */
record ZipEnd(long entries, long directoryOffset, long directorySize) {
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_BYTES = 56;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64_SIGNATURE = 0x06064b50;

    static ZipEnd find(FileBytes file) throws IOException, ModelException {
        int tailBytes = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT_BYTES);
        long tailStart = file.size() - tailBytes;
        ByteBuffer tail = file.read(tailStart, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            boolean fits =
                    tail.getInt(at) == END_SIGNATURE && at + END_BYTES + (tail.getShort(at + 20) & 0xffff) == tailBytes;
            if (fits) {
                return read(file, tailStart + at);
            }
        }
        throw file.refuse("is no zip archive as torch has written it since version 1.6, or ends early");
    }

    private static ZipEnd read(FileBytes file, long offset) throws IOException, ModelException {
        ByteBuffer record = file.read(offset, END_BYTES);
        ZipEnd end = new ZipEnd(
                record.getShort(10) & 0xffff, record.getInt(16) & 0xffffffffL, record.getInt(12) & 0xffffffffL);
        boolean oneDisk = record.getShort(4) == record.getShort(6) && record.getShort(8) == record.getShort(10);
        boolean saturated =
                end.entries == 0xffff || end.directoryOffset == 0xffffffffL || end.directorySize == 0xffffffffL;
        ZipEnd result = saturated ? readZip64(file, offset - LOCATOR_BYTES) : end;
        boolean inside = result.entries >= 0
                && result.directoryOffset >= 0
                && result.directorySize >= 0
                && result.directoryOffset <= offset
                && result.directorySize <= offset - result.directoryOffset;
        if (!oneDisk || !inside) {
            throw file.refuse("its zip directory lies outside the file");
        }
        return result;
    }

    private static ZipEnd readZip64(FileBytes file, long locatorOffset) throws IOException, ModelException {
        ByteBuffer locator = file.read(locatorOffset, LOCATOR_BYTES);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) {
            throw file.refuse("its zip64 locator is missing");
        }
        ByteBuffer record = file.read(locator.getLong(8), END64_BYTES);
        if (record.getInt(0) != END64_SIGNATURE) {
            throw file.refuse("its zip64 end is missing");
        }
        return new ZipEnd(record.getLong(32), record.getLong(48), record.getLong(40));
    }
}
