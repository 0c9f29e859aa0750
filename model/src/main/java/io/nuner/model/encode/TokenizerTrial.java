package io.nuner.model.encode;

import io.nuner.model.ModelException;
import io.nuner.model.encode.check.CheckedTokenizer;
import io.nuner.model.process.LimitedChild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Trial of a tokenizer in a process of its own, with texts that are hard on tokenizers: a crash there spares the server. Any
 * thread.
 */
final class TokenizerTrial {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MAX_MEBIBYTES = 2048;
    private static final int HEAP_MEBIBYTES = 384;
    private static final int CHARACTERS_AT_ONCE = 4096;
    private static final int LONG = 30_000;
    private static final int ONE_IN = 64;

    /** Tokenizers that passed, by the hash of the text that native code gets. */
    private static final Set<String> PASSED = ConcurrentHashMap.newKeySet();

    private TokenizerTrial() {}

    /**
     * Tries a tokenizer, unless it passed before in this process.
     *
     * @param file the file that it was made from, for the message
     * @throws ModelException if the trial's process fails, or needs too much time or memory
     */
    static void require(Path file, CheckedTokenizer tokenizer) throws ModelException {
        String name = tokenizer.sha256();
        if (PASSED.contains(name)) {
            return;
        }
        LimitedChild child = new LimitedChild(TokenizerTrial.class.getName(), HEAP_MEBIBYTES, MAX_MEBIBYTES, LIMIT);
        try {
            String end = child.run(tokenizer.json().getBytes(StandardCharsets.UTF_8));
            if (!end.isEmpty()) {
                throw ModelException.of(file, "its tokenizer failed when it was tried: the process for it " + end);
            }
            PASSED.add(name);
        } catch (IOException e) {
            throw new ModelException(
                    file + ": its tokenizer cannot be tried in a process of its own: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException(file + ": interrupted while its tokenizer was tried", e);
        }
    }

    /** Main of the process: reads the tokenizer from standard input, and ends with 0 if all texts have pieces. */
    public static void main(String[] arguments) throws IOException, ModelException {
        LimitedChild.endAfter(LIMIT);
        String json = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        TokenizerLibrary.load();
        try (NativeTokenizer tokenizer = new NativeTokenizer(json)) {
            for (String[] words : texts()) {
                tokenizer.encode(words);
            }
            for (int first = 0; first <= Character.MAX_CODE_POINT; first += CHARACTERS_AT_ONCE) {
                tokenizer.encode(characters(first));
            }
        }
    }

    private static String[][] texts() {
        return new String[][] {
            {"The", "quick", "brown", "fox", "10,000", "n\u00e4ive", "\u6771\u4eac", "\ud83d\ude00", "A"},
            {"a".repeat(40) + "-b", "x".repeat(40) + "!", "A".repeat(40), "ab".repeat(40), "(" + "a".repeat(60)},
            {"a".repeat(LONG), "A".repeat(LONG), "!".repeat(LONG), "\u0301".repeat(LONG), "\ufdfa".repeat(LONG)},
            {"", " ", "   ", "\t\n", "\u0000", "\u0001\u0002", "\u200b\u200d\ufeff", "\u2581\u2581", " ".repeat(LONG)},
            {"e\u0301\u0302\u0303", "\u1100\u1161\u11a8", "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", "\u0130"},
            {"[CLS]", "<<ENT>>", "<<SEP>>x", "[UNK][PAD]", "##a", "^A^^B", "<0x41>", "\u202eabc\u202c"}
        };
    }

    /**
     * Characters, each a word: all but surrogates and those of private use; of ideographs and Hangul, which behave alike, one
     * in {@value #ONE_IN}.
     */
    private static String[] characters(int first) {
        return IntStream.range(first, first + CHARACTERS_AT_ONCE)
                .filter(c -> Character.isDefined(c)
                        && Character.getType(c) != Character.SURROGATE
                        && Character.getType(c) != Character.PRIVATE_USE
                        && (c % ONE_IN == 0 || !isOneOfVeryMany(c)))
                .mapToObj(Character::toString)
                .toArray(String[]::new);
    }

    private static boolean isOneOfVeryMany(int character) {
        return Character.isIdeographic(character)
                || Character.UnicodeScript.of(character) == Character.UnicodeScript.HANGUL;
    }
}
