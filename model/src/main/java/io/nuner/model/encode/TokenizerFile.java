package io.nuner.model.encode;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.model.ModelException;
import io.nuner.model.RegularFile;
import io.nuner.model.encode.check.CheckedTokenizer;
import io.nuner.model.format.SentencePieceModel;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the tokenizer.json of an exported model from a checkpoint's files. Any thread. */
public final class TokenizerFile {
    /** The files that it reads, the preferred one first. */
    public static final List<String> SOURCES = List.of("tokenizer.json", "spm.model");

    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final String SENTENCE_PIECE = "spm.model";
    private static final String WORD_PIECE_LIST = "vocab.txt";

    private TokenizerFile() {}

    /**
     * Writes the tokenizer of a checkpoint: its tokenizer.json, completed by the tokens of the family where they are missing,
     * or else one made from its spm.model. The result is checked, and tried in a process of its own, which takes about a
     * second; a tokenizer that passed before in this process is not tried again.
     *
     * @throws ModelException if the directory holds neither file, or the file cannot be used
     */
    public static void prepare(Path checkpointDirectory, Path outTokenizerJson) throws ModelException {
        Path tokenizerJson = checkpointDirectory.resolve(TOKENIZER_JSON);
        Path sentencePiece = checkpointDirectory.resolve(SENTENCE_PIECE);
        if (Files.exists(tokenizerJson)) {
            complete(tokenizerJson, outTokenizerJson);
        } else if (Files.exists(sentencePiece)) {
            fromSentencePiece(sentencePiece, outTokenizerJson);
        } else {
            throw new ModelException(checkpointDirectory + " holds neither " + TOKENIZER_JSON + " nor " + SENTENCE_PIECE
                    + "; " + advice(checkpointDirectory));
        }
        tryOut(Files.exists(tokenizerJson) ? tokenizerJson : sentencePiece, outTokenizerJson);
    }

    /**
     * Writes the tokenizer.json that is equivalent to a SentencePiece unigram model of a DeBERTa-v3 encoder, with the tokens of
     * the family added: what DebertaV2Converter of transformers 4 makes of it.
     *
     * @throws ModelException if the file is no such model
     */
    public static void fromSentencePiece(Path spmModel, Path out) throws ModelException {
        SentencePieceConversion conversion = new SentencePieceConversion(spmModel, parse(spmModel));
        try (Writer json = Files.newBufferedWriter(out)) {
            conversion.writeTo(json);
        } catch (IOException e) {
            throw ModelException.cannotWrite(out, e);
        }
    }

    /** Refuses the written tokenizer; the message names the file that it was made from. */
    private static void tryOut(Path source, Path written) throws ModelException {
        CheckedTokenizer checked = CheckedTokenizer.of(source, RegularFile.read(written, CheckedTokenizer.MAX_BYTES));
        checked.requireOwnNumbers(source);
        TokenizerTrial.require(source, checked);
    }

    private static String advice(Path checkpointDirectory) {
        return Files.isRegularFile(checkpointDirectory.resolve(WORD_PIECE_LIST))
                ? WORD_PIECE_LIST + " alone does not say how text is normalised; copy tokenizer.json from the encoder"
                : "copy one of them from the encoder the checkpoint was trained on";
    }

    private static void complete(Path tokenizerJson, Path out) throws ModelException {
        byte[] content = RegularFile.read(tokenizerJson, CheckedTokenizer.MAX_BYTES);
        CheckedTokenizer checked = CheckedTokenizer.of(tokenizerJson, content);
        try {
            new TokenizerCompletion(content, checked.ids()).write(out);
        } catch (IOException e) {
            throw ModelException.cannotWrite(out, e);
        }
    }

    private static SentencePieceModel parse(Path spmModel) throws ModelException {
        try {
            return SentencePieceModel.parseFrom(RegularFile.read(spmModel, CheckedTokenizer.MAX_BYTES));
        } catch (InvalidProtocolBufferException e) {
            throw new ModelException(spmModel + " is no readable SentencePiece model: " + e.getMessage(), e);
        }
    }
}
