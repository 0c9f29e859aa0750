package io.nuner.engine.trt.parity;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.engine.EngineException;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.files.FileProblem;
import io.nuner.model.format.tensorrt.GoldenBatchMessage;
import io.nuner.model.format.tensorrt.GoldenRowMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of real text with the reference engine's answers, which lie in a file beside the plan. Immutable.
 *
 * @param reference name and version of the engine, e.g. {@code onnx 1.29.0}
 * @param rows at least one
 * @param answers the logits of each row, finite
 */
public record GoldenBatch(String reference, List<TokenRow> rows, List<RowLogits> answers) {
    public GoldenBatch {
        rows = List.copyOf(rows);
        answers = List.copyOf(answers);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("there is no row to compare");
        }
        if (rows.size() != answers.size()) {
            throw new IllegalArgumentException(rows.size() + " rows, but " + answers.size() + " answers");
        }
        for (int row = 0; row < rows.size(); row++) {
            requireFit(row, rows.get(row), answers.get(row));
        }
    }

    private static void requireFit(int index, TokenRow row, RowLogits answer) {
        if (answer.words() != row.wordCount() || answer.labels() != row.labelCount() || !answer.isFinite()) {
            throw new IllegalArgumentException("the answer to row " + index + " does not fit it or is not finite");
        }
    }

    /**
     * Writes the file, which must not exist.
     *
     * @throws EngineException naming the file if it cannot be written
     */
    public void write(Path file) throws EngineException {
        GoldenBatchMessage.Builder message = GoldenBatchMessage.newBuilder().setReference(reference);
        for (int row = 0; row < rows.size(); row++) {
            message.addRows(message(rows.get(row), answers.get(row)));
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            message.build().writeTo(out);
        } catch (IOException e) {
            throw EngineException.cannotOpen("cannot write " + file + ": " + FileProblem.reasonOfWriting(e), e);
        }
    }

    private static GoldenRowMessage message(TokenRow row, RowLogits answer) {
        GoldenRowMessage.Builder message = GoldenRowMessage.newBuilder().setMaxWidth(answer.maxWidth());
        for (int token = 0; token < row.tokenCount(); token++) {
            message.addTokenIds(row.tokenId(token));
        }
        for (int word = 0; word < row.wordCount(); word++) {
            message.addWordTokens(row.wordToken(word));
        }
        for (int label = 0; label < row.labelCount(); label++) {
            message.addLabelTokens(row.labelToken(label));
        }
        int scores = row.wordCount() * answer.maxWidth() * row.labelCount();
        for (int score = 0; score < scores; score++) {
            message.addLogits(answer.at(0, 0, score)); // scores are contiguous, so label counts through all of them
        }
        return message.build();
    }

    /**
     * Reads the file.
     *
     * @param content the whole file; its position stays
     * @throws EngineException if it is damaged, or another file
     */
    public static GoldenBatch read(ByteBuffer content) throws EngineException {
        try {
            GoldenBatchMessage message = GoldenBatchMessage.parseFrom(content.duplicate());
            List<TokenRow> rows = new ArrayList<>();
            List<RowLogits> answers = new ArrayList<>();
            for (GoldenRowMessage row : message.getRowsList()) {
                rows.add(TokenRow.copyOf(
                        integers(row.getTokenIdsList()),
                        integers(row.getWordTokensList()),
                        integers(row.getLabelTokensList())));
                answers.add(answer(row));
            }
            return new GoldenBatch(message.getReference(), rows, answers);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw EngineException.cannotOpen("the reference's answers cannot be read: " + e.getMessage(), e);
        }
    }

    private static int[] integers(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static RowLogits answer(GoldenRowMessage row) {
        float[] scores = new float[row.getLogitsCount()];
        for (int score = 0; score < scores.length; score++) {
            scores[score] = row.getLogits(score);
        }
        return RowLogits.wrap(row.getWordTokensCount(), row.getMaxWidth(), row.getLabelTokensCount(), scores);
    }
}
