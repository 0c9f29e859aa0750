package io.nuner.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the operator chose for engines that compile a model for one device. Immutable.
 *
 * @param cache directory in which compiled models are kept; need not exist yet
 * @param precision type of the products
 * @param rowLengths tokens to which attention pads each row, ascending: a batch runs at the first that fits its longest row
 * @param listener is told what is being done
 */
public record CompileSettings(Path cache, Precision precision, List<Integer> rowLengths, Listener listener) {
    /** Lengths for texts of a sentence to a page; rows beyond 512 tokens are rare. */
    public static final List<Integer> DEFAULT_ROW_LENGTHS = List.of(32, 64, 96, 128, 192, 256, 384, 512, 768, 1024);

    public CompileSettings {
        rowLengths = List.copyOf(rowLengths);
        EngineCells.ascending("compilation.profiles", rowLengths);
        if (rowLengths.isEmpty()) {
            throw new IllegalArgumentException("compilation.profiles must not be empty");
        }
    }

    /** Without a listener. */
    public CompileSettings(Path cache, Precision precision, List<Integer> rowLengths) {
        this(cache, precision, rowLengths, words -> {});
    }

    /** What the operator chose; not who listens. */
    @Override
    public String toString() {
        return "CompileSettings[cache=" + cache + ", precision=" + precision.key() + ", rowLengths=" + rowLengths + "]";
    }

    /** Is told the progress of a compilation, which takes minutes. Called by one thread at a time. */
    @FunctionalInterface
    public interface Listener {
        /** What is being done now, in a few words. */
        void progress(String words);

        /** Something that the operator should look at, though it does no harm now; one sentence. */
        default void warning(String sentence) {
            progress(sentence);
        }
    }

    /** The floating-point type in which a compiled engine computes its products. */
    public enum Precision {
        /** IEEE 754 half precision: 11 bits of significand, largest value 65504. */
        FP16,
        /** The upper half of a float32: 8 bits of significand, the range of float32. */
        BF16;

        /** Its name in lower case, as in options and file names. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
