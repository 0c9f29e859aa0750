package io.nuner.engine.trt.parity;

import io.nuner.engine.EngineException;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.files.FileProblem;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of a {@link GoldenBatch}: big-endian, a magic number, a version, the reference's name, then each row with its
 * logits. Any thread.
 */
public final class GoldenFile {
    private static final int MAGIC = 0x4e474f4c; // NGOL
    private static final int VERSION = 1;
    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_ROWS = 10_000;

    private GoldenFile() {}

    /**
     * Writes a batch; the file must not exist.
     *
     * @throws EngineException naming the file if it cannot be written
     */
    public static void write(Path file, GoldenBatch batch) throws EngineException {
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)))) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            byte[] name = batch.reference().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.write(name);
            out.writeInt(batch.rows().size());
            for (int row = 0; row < batch.rows().size(); row++) {
                write(out, batch.rows().get(row), batch.answers().get(row));
            }
        } catch (IOException e) {
            throw EngineException.cannotOpen("cannot write " + file + ": " + FileProblem.reasonOfWriting(e), e);
        }
    }

    private static void write(DataOutputStream out, TokenRow row, RowLogits answer) throws IOException {
        out.writeInt(row.tokenCount());
        out.writeInt(row.wordCount());
        out.writeInt(row.labelCount());
        out.writeInt(answer.maxWidth());
        for (int token = 0; token < row.tokenCount(); token++) {
            out.writeInt(row.tokenId(token));
        }
        for (int word = 0; word < row.wordCount(); word++) {
            out.writeInt(row.wordToken(word));
        }
        for (int label = 0; label < row.labelCount(); label++) {
            out.writeInt(row.labelToken(label));
        }
        for (int score = 0; score < row.wordCount() * answer.maxWidth() * row.labelCount(); score++) {
            out.writeFloat(answer.at(0, 0, score)); // in the order they lie in
        }
    }

    /**
     * Reads a batch.
     *
     * @param content the whole file; its position stays
     * @throws EngineException if that is no such file, or one of another version
     */
    public static GoldenBatch read(ByteBuffer content) throws EngineException {
        ByteBuffer in = content.duplicate().order(ByteOrder.BIG_ENDIAN);
        try {
            requireHeader(in);
            byte[] name = new byte[count("bytes of a name", in.getInt(), MAX_NAME_BYTES)];
            in.get(name);
            GoldenBatch batch = read(in, new String(name, StandardCharsets.UTF_8));
            if (in.hasRemaining()) {
                throw new IllegalArgumentException(in.remaining() + " bytes too many");
            }
            return batch;
        } catch (BufferUnderflowException e) {
            throw EngineException.cannotOpen("the reference's answers are cut short", e);
        } catch (IllegalArgumentException e) {
            throw EngineException.cannotOpen("the reference's answers cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireHeader(ByteBuffer in) {
        if (in.getInt() != MAGIC) {
            throw new IllegalArgumentException("this is no file of them");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + " instead of " + VERSION);
        }
    }

    private static GoldenBatch read(ByteBuffer in, String reference) {
        int count = count("rows", in.getInt(), MAX_ROWS);
        List<TokenRow> rows = new ArrayList<>();
        List<RowLogits> answers = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int tokens = in.getInt();
            int words = in.getInt();
            int labels = in.getInt();
            int maxWidth = in.getInt();
            TokenRow tokenRow = TokenRow.copyOf(integers(in, tokens), integers(in, words), integers(in, labels));
            rows.add(tokenRow);
            answers.add(RowLogits.wrap(words, maxWidth, labels, floats(in, words, maxWidth, labels)));
        }
        return new GoldenBatch(reference, rows, answers);
    }

    private static int[] integers(ByteBuffer in, int count) {
        int[] values = new int[count("integers", count, in.remaining() / Integer.BYTES)];
        in.asIntBuffer().get(values);
        in.position(in.position() + values.length * Integer.BYTES);
        return values;
    }

    private static float[] floats(ByteBuffer in, int words, int maxWidth, int labels) {
        int room = in.remaining() / Float.BYTES;
        int spans = count("spans", (long) words * count("widths", maxWidth, room), room);
        float[] values = new float[count("logits", (long) spans * labels, room)];
        in.asFloatBuffer().get(values);
        in.position(in.position() + values.length * Float.BYTES);
        return values;
    }

    /** Nothing is allocated for a number that the rest of the file cannot hold. */
    private static int count(String what, long count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(count + " " + what + " where " + most + " fit");
        }
        return (int) count;
    }
}
