package io.nuner.load;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts to ask about, in groups of different frequency. Immutable. */
public final class TextPool {
    private static final String BUNDLED = "texts.jsonl";

    private final List<String> texts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final Shares shares;

    private TextPool(List<List<String>> groups, List<Double> weights) {
        for (List<String> group : groups) {
            texts.addAll(group);
            ends.add(texts.size());
        }
        shares = new Shares(weights);
    }

    /** One group of texts. */
    public static TextPool of(List<String> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("texts must not be empty");
        }
        return new TextPool(List.of(texts), List.of(1.0));
    }

    /** The texts that come with the harness: tweets, questions, sentences, paragraphs and a few pages. */
    public static TextPool bundled() {
        try (InputStream bytes = TextPool.class.getResourceAsStream(BUNDLED)) {
            if (bytes == null) {
                throw new IllegalStateException(BUNDLED + " is not part of this jar");
            }
            return of(lines(new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8)), BUNDLED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The texts of files.
     *
     * @throws UnreadableTextsException naming the file that cannot be read
     * @throws IOException if one is not what it should be; the message names file and line, never text
     */
    public static TextPool read(List<TextFile> files) throws IOException {
        List<List<String>> groups = new ArrayList<>();
        for (TextFile file : files) {
            try (BufferedReader reader = Files.newBufferedReader(file.file())) {
                groups.add(lines(reader, file.file().toString()));
            } catch (Fault e) {
                throw e;
            } catch (IOException e) {
                throw new UnreadableTextsException(file.file(), e);
            }
        }
        return new TextPool(groups, files.stream().map(TextFile::weight).toList());
    }

    /** All texts, group by group. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    int size() {
        return texts.size();
    }

    String text(int index) {
        return texts.get(index);
    }

    /** The index of a text: one number in [0, 1) chooses its group, the other the text in it. */
    int at(double groupPoint, double textPoint) {
        int group = shares.at(groupPoint);
        int from = group == 0 ? 0 : ends.get(group - 1);
        return from + (int) (textPoint * (ends.get(group) - from));
    }

    private static List<String> lines(BufferedReader reader, String name) throws IOException {
        List<String> texts = new ArrayList<>();
        int number = 0;
        skipByteOrderMark(reader);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                texts.add(text(line, name + ":" + number));
            }
        }
        if (texts.isEmpty()) {
            throw new Fault(name + " holds no text");
        }
        return texts;
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
    }

    private static String text(String line, String place) throws IOException {
        try {
            JsonElement text = JsonParser.parseString(line).getAsJsonObject().get("text");
            if (text != null && text.isJsonPrimitive() && !text.getAsString().isBlank()) {
                return text.getAsString();
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new Fault(place + " is no JSON object"); // the cause would quote the text
        }
        throw new Fault(place + " has no member text, or a blank one");
    }

    /** A file that can be read, but is not what it should be. */
    private static final class Fault extends IOException {
        private static final long serialVersionUID = 1L;

        private Fault(String message) {
            super(message);
        }
    }

    /**
     * A file of texts, each line a JSON object with a member {@code text}. Immutable.
     *
     * @param weight share of the calls that take a text from it, relative to the other files
     */
    public record TextFile(Path file, double weight) {
        public TextFile {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("texts must have shares above 0, but one was " + weight);
            }
        }

        /** Reads {@code FILE} or {@code FILE=SHARE}. */
        public static TextFile parse(String value) {
            int equals = value.lastIndexOf('=');
            if (equals < 0) {
                return new TextFile(Path.of(value), 1);
            }
            try {
                return new TextFile(
                        Path.of(value.substring(0, equals)), Double.parseDouble(value.substring(equals + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("texts must look like FILE or FILE=SHARE, the share a number", e);
            }
        }
    }
}
