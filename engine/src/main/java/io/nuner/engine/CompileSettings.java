package io.nuner.engine;

import java.nio.file.Path;
import java.util.List;

/**
 * What the operator chose for engines that compile a model for one device. Immutable.
 *
 * @param cache directory in which compiled models are kept; need not exist yet
 * @param signingKey file with the key that signs them; made if it does not exist
 * @param precision type of the products
 * @param rowLengths tokens to which attention pads each row, ascending: a batch runs at the first that fits its longest row
 * @param listener hears what is being done
 */
public record CompileSettings(
        Path cache, Path signingKey, Precision precision, List<Integer> rowLengths, CompileListener listener) {
    /** Lengths for texts of a sentence to a page; rows beyond 512 tokens are rare. */
    public static final List<Integer> DEFAULT_ROW_LENGTHS = List.of(32, 64, 96, 128, 192, 256, 384, 512, 768, 1024);

    public CompileSettings {
        rowLengths = List.copyOf(rowLengths);
        EngineCells.ascending("compilation.profiles", rowLengths);
        if (rowLengths.isEmpty()) {
            throw new IllegalArgumentException("compilation.profiles must not be empty");
        }
    }

    /** For a caller who does not want to know what is being done. */
    public CompileSettings(Path cache, Path signingKey, Precision precision, List<Integer> rowLengths) {
        this(cache, signingKey, precision, rowLengths, words -> {});
    }

    /** What the operator chose; not who listens. */
    @Override
    public String toString() {
        return "CompileSettings[cache=" + cache + ", signingKey=" + signingKey + ", precision=" + precision.key()
                + ", rowLengths=" + rowLengths + "]";
    }
}
