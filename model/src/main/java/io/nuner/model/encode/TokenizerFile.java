package io.nuner.model.encode;

import com.google.gson.JsonParseException;
import com.google.gson.stream.MalformedJsonException;
import io.nuner.model.ModelException;
import io.nuner.model.format.SentencePieceModel;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Maker of the tokenizer.json of an exported model out of what a checkpoint brings. Any thread. */
public final class TokenizerFile {
    /** The files that it reads, the preferred one first. */
    public static final List<String> SOURCES = List.of("tokenizer.json", "spm.model");

    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final String SENTENCE_PIECE = "spm.model";
    private static final String WORD_PIECE_LIST = "vocab.txt";

    private TokenizerFile() {}

    /**
     * Writes the tokenizer of a checkpoint: its tokenizer.json, completed by the tokens of the family where they are missing,
     * or else one made from its spm.model.
     *
     * @throws ModelException if the directory holds neither file, or the file cannot be used
     */
    public static void prepare(Path checkpointDirectory, Path outTokenizerJson) throws ModelException {
        Path tokenizerJson = checkpointDirectory.resolve(TOKENIZER_JSON);
        Path sentencePiece = checkpointDirectory.resolve(SENTENCE_PIECE);
        if (Files.isRegularFile(tokenizerJson)) {
            complete(tokenizerJson, outTokenizerJson);
        } else if (Files.isRegularFile(sentencePiece)) {
            fromSentencePiece(sentencePiece, outTokenizerJson);
        } else {
            throw new ModelException(checkpointDirectory + " holds neither " + TOKENIZER_JSON + " nor " + SENTENCE_PIECE
                    + "; " + advice(checkpointDirectory));
        }
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

    private static String advice(Path checkpointDirectory) {
        return Files.isRegularFile(checkpointDirectory.resolve(WORD_PIECE_LIST))
                ? WORD_PIECE_LIST + " alone does not say how text is normalised; copy tokenizer.json from the encoder"
                : "copy one of them from the encoder the checkpoint was trained on";
    }

    private static void complete(Path tokenizerJson, Path out) throws ModelException {
        try {
            TokenizerCompletion completion = TokenizerCompletion.of(tokenizerJson);
            if (completion.isComplete()) {
                Files.copy(tokenizerJson, out, StandardCopyOption.REPLACE_EXISTING);
            } else {
                completion.write(out);
            }
        } catch (MalformedJsonException | EOFException | JsonParseException e) { // their words are about Gson
            throw new ModelException(tokenizerJson + " is no readable tokenizer: it is not valid JSON", e);
        } catch (IllegalStateException e) {
            throw new ModelException(tokenizerJson + " is no readable tokenizer: its JSON is of another kind", e);
        } catch (IOException e) {
            throw ModelException.of(tokenizerJson, e);
        }
    }

    private static SentencePieceModel parse(Path spmModel) throws ModelException {
        try (InputStream file = Files.newInputStream(spmModel)) {
            return SentencePieceModel.parseFrom(file);
        } catch (IOException e) {
            throw new ModelException(spmModel + " is no readable SentencePiece model: " + e.getMessage(), e);
        }
    }
}
