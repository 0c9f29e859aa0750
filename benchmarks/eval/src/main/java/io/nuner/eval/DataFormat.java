package io.nuner.eval;

import java.util.List;
import java.util.Locale;

/** How an annotated file is written. */
public enum DataFormat {
    /** Whichever of the others the beginning of the file looks like. */
    AUTO,
    /** A token and its tag on each line. */
    CONLL,
    /** GLiNER's JSON, as an array or line by line. */
    GLINER;

    /** Itself; in place of AUTO, what the beginning of the file looks like. */
    public DataFormat resolved(DataFile file, Columns columns) throws DataException {
        if (this != AUTO) {
            return this;
        }
        if (ConllReader.looksRight(file.content(), columns)) {
            return CONLL;
        }
        if (GlinerReader.looksRight(file.content())) {
            return GLINER;
        }
        throw new DataException(
                file.name(),
                "is of unknown format: its first line does not end in a tag (" + Tag.FORM
                        + "), and it does not begin with [ or {; --format and --tag-column say what it is");
    }

    /** The sentences of a file of this format. */
    public List<Sentence> read(DataFile file, Columns columns) throws DataException {
        return switch (this) {
            case AUTO -> resolved(file, columns).read(file, columns);
            case CONLL -> ConllReader.read(file.name(), file.content(), columns);
            case GLINER -> GlinerReader.read(file.name(), file.content());
        };
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
