package io.nuner.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads CoNLL-like text: a token and its tag on each line, a blank line between sentences. Lines of {@code -DOCSTART-} and
 * comments are left out. One thread at a time, for one file.
 *
 * <p>A token may be the character #, which also begins comments. A line that begins with it is a token if it ends in a tag
 * and has as many columns as the first line that does not.
 */
final class ConllReader {
    private static final String DOCUMENT = "-DOCSTART-";

    private final String file;
    private final Columns columns;
    private final int width;
    private final List<Sentence> sentences = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<Tag> tags = new ArrayList<>();
    private int number;
    private int firstLine;

    private ConllReader(String file, Columns columns, int width) {
        this.file = file;
        this.columns = columns;
        this.width = width;
    }

    /** The sentences, of at least one token each. */
    static List<Sentence> read(String file, String content, Columns columns) throws DataException {
        List<String> lines = content.lines().toList();
        ConllReader reader = new ConllReader(file, columns, width(lines));
        for (String line : lines) {
            reader.number++;
            reader.read(line);
        }
        reader.endSentence();
        return reader.sentences;
    }

    /** True if the first line that must be a token has a tag. */
    static boolean looksRight(String content, Columns columns) {
        return content.lines()
                .filter(ConllReader::isData)
                .findFirst()
                .map(Columns::split)
                .filter(line -> line.size() > 1)
                .flatMap(line -> Tag.parse(columns.tagIn(line)))
                .isPresent();
    }

    private static int width(List<String> lines) {
        return lines.stream()
                .filter(ConllReader::isData)
                .findFirst()
                .map(line -> Columns.split(line).size())
                .orElse(0);
    }

    private static boolean isData(String line) {
        return !line.isBlank() && !line.startsWith("#") && !line.startsWith(DOCUMENT);
    }

    private void read(String line) throws DataException {
        if (line.isBlank() || line.startsWith(DOCUMENT)) {
            endSentence();
            return;
        }
        List<String> found = Columns.split(line);
        Optional<Tag> tag = Tag.parse(columns.tagIn(found));
        boolean comment = line.startsWith("#") && (tag.isEmpty() || found.size() != width);
        if (!comment) {
            add(columns.tokenIn(found), tag.orElseThrow(() -> bad("has no tag where one should be: " + Tag.FORM)));
        }
    }

    private void add(String token, Tag tag) throws DataException {
        if (token.isEmpty()) {
            requireOutside(tag);
            return;
        }
        if (tokens.isEmpty()) {
            firstLine = number;
        }
        tokens.add(token);
        tags.add(tag);
    }

    /** Refuses an entity's tag without a token. Corpora hold such lines, with a token of white space that was lost. */
    private void requireOutside(Tag tag) throws DataException {
        if (!tag.isOutside()) {
            throw bad("has a tag of an entity but no token");
        }
    }

    private void endSentence() {
        if (!tokens.isEmpty()) {
            sentences.add(new Sentence(tokens, TagDecoder.spans(tags), file + ":" + firstLine));
        }
        tokens.clear();
        tags.clear();
    }

    private DataException bad(String problem) {
        return new DataException(file + ":" + number, problem);
    }
}
