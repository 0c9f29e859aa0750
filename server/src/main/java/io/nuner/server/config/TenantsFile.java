package io.nuner.server.config;

import io.nuner.files.FileProblem;
import io.nuner.files.Ownership;
import io.nuner.files.Ownership.Trusted;
import io.nuner.files.Utf8Text;
import io.nuner.server.rpc.Identification;
import io.nuner.server.rpc.KeyDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The file of tenants: lines of a name, a weight and, for a tenant that needs a key, the SHA-256 of the key in hexadecimal
 * digits. What follows {@code #} is a comment. Whoever may write it decides who is served, so it must belong to this user or to
 * root, and nobody else may write it. Any thread.
 *
 * @param path where it is; links are followed
 * @param maxNames names told apart beyond those of the file; empty takes what suits the file
 */
public record TenantsFile(Path path, OptionalInt maxNames) {
    private static final int MOST_BYTES = 1 << 20;

    /**
     * The tenants of the file.
     *
     * @throws IllegalArgumentException naming the file, the line and the rule it breaks
     */
    public TenancyConfig read() {
        return parse(content());
    }

    /**
     * What it holds now.
     *
     * @throws IllegalArgumentException naming the file and why it cannot be read or trusted
     */
    byte[] content() {
        try {
            requireTrusted();
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(MOST_BYTES + 1);
                require(content.length <= MOST_BYTES, "must have at most " + MOST_BYTES + " bytes");
                return content;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("tenants " + path + " " + FileProblem.ofReading(path, e), e);
        }
    }

    private void requireTrusted() throws IOException {
        require(Files.isRegularFile(path) || !Files.exists(path), "must be a plain file");
        Ownership found = Ownership.of(path);
        require(found.isOf(Trusted.THIS_USER_AND_ROOT), "must belong to the user of this process or to root");
        require(!found.isWrittenByOthers(), "must not be writable by its group or by others (chmod go-w)");
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("tenants " + path + " " + rule);
        }
    }

    /**
     * The tenants of such content.
     *
     * @throws IllegalArgumentException as above
     */
    public TenancyConfig parse(byte[] content) {
        String text;
        try {
            text = Utf8Text.decode(content);
        } catch (Utf8Text.InvalidLineException e) {
            throw new IllegalArgumentException("tenants " + path + " " + FileProblem.ofReading(path, e), e);
        }
        Parser parser = new Parser(path);
        text.lines().forEach(parser::take);
        return new TenancyConfig(parser.weights, parser.keys, maxNames);
    }

    /** Goes through the lines. One thread at a time. */
    private static final class Parser {
        private final Path path;
        private final Map<String, Integer> weights = new HashMap<>();
        private final Map<String, KeyDigest> keys = new HashMap<>();
        private final Set<KeyDigest> known = new HashSet<>();
        private int lineNumber;

        private Parser(Path path) {
            this.path = path;
        }

        private void take(String line) {
            lineNumber++;
            String content = line.split("#", 2)[0].strip();
            if (content.isEmpty()) {
                return;
            }
            String[] words = content.split("\\s+", -1);
            if (words.length < 2 || words.length > 3) {
                throw wrong("must be NAME WEIGHT, or NAME WEIGHT SHA256");
            }
            if (!Identification.isName(words[0])) {
                throw wrong("must begin with a name of 1 to 64 characters of A-Z, a-z, 0-9, . _ -");
            }
            if (weights.put(words[0], weight(words[1])) != null) {
                throw wrong("names a tenant of a line before");
            }
            if (words.length == 3) {
                takeKey(words[0], words[2]);
            }
        }

        private int weight(String word) {
            if (word.matches("[0-9]{1,4}")) {
                int weight = Integer.parseInt(word);
                if (weight >= 1 && weight <= TenancyConfig.MAX_WEIGHT) {
                    return weight;
                }
            }
            throw wrong("must have a weight from 1 to " + TenancyConfig.MAX_WEIGHT);
        }

        private void takeKey(String name, String hex) {
            KeyDigest key;
            try {
                key = KeyDigest.parse(hex);
            } catch (IllegalArgumentException e) {
                throw wrong("must end with the SHA-256 of the key: " + e.getMessage());
            }
            if (!known.add(key)) {
                throw wrong("has the key of a line before");
            }
            keys.put(name, key);
        }

        private IllegalArgumentException wrong(String rule) {
            return new IllegalArgumentException("tenants " + path + " line " + lineNumber + " " + rule);
        }
    }
}
