package io.nuner.cli;

import io.nuner.server.TenancyConfig;
import io.nuner.server.rpc.Identification;
import io.nuner.server.rpc.KeyDigest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the file of tenants: lines of a name, a weight and, for a tenant that needs a key, the SHA-256 of the key in
 * hexadecimal digits. What follows {@code #} is a comment. One thread at a time.
 */
final class TenantsFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final Map<String, Integer> weights = new HashMap<>();
    private final Map<String, KeyDigest> keys = new HashMap<>();
    private final Set<KeyDigest> known = new HashSet<>();
    private int lineNumber;

    private TenantsFile(Path file) {
        this.file = file;
    }

    /**
     * The tenants of a file.
     *
     * @throws IllegalArgumentException naming the file, the line and the rule it breaks
     */
    static TenancyConfig read(Path file, int maxNames) {
        TenantsFile tenants = new TenantsFile(file);
        tenants.readLines().forEach(tenants::take);
        return new TenancyConfig(tenants.weights, tenants.keys, maxNames);
    }

    private List<String> readLines() {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("tenants " + file + " must be UTF-8 text", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("tenants " + file + " cannot be read", e);
        }
    }

    private void take(String line) {
        lineNumber++;
        boolean marked = lineNumber == 1 && line.startsWith(BYTE_ORDER_MARK);
        String content = (marked ? line.substring(1) : line).split("#", 2)[0].strip();
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
        return new IllegalArgumentException("tenants " + file + " line " + lineNumber + " " + rule);
    }
}
