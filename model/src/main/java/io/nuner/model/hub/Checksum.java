package io.nuner.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The checksum that a hub announces of a file: SHA-256 for a large file, else git's id of the content. Immutable.
 *
 * @param kind how it is computed
 * @param hex the checksum, in lower-case hexadecimal digits
 */
public record Checksum(Kind kind, String hex) {
    private static final int BUFFER_BYTES = 1 << 18;

    /** Tells the kind by the number of digits; empty for anything else, such as the tag of a multi-part upload. */
    static Optional<Checksum> parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.length() == kind.digits && isHex(text)) {
                return Optional.of(new Checksum(kind, text));
            }
        }
        return Optional.empty();
    }

    static boolean isHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Reads the file and compares. */
    boolean matches(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = kind.begin(channel.size());
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (channel.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
            return HexFormat.of().formatHex(digest.digest()).equals(hex);
        }
    }

    /** A kind of checksum. */
    public enum Kind {
        /** SHA-256 of the bytes. */
        SHA_256("SHA-256", 64),
        /** SHA-1 of a header with the size, and the bytes: git's name for the content. */
        GIT_BLOB("SHA-1", 40);

        private final String algorithm;
        private final int digits;

        Kind(String algorithm, int digits) {
            this.algorithm = algorithm;
            this.digits = digits;
        }

        private MessageDigest begin(long size) {
            try {
                MessageDigest digest = MessageDigest.getInstance(algorithm);
                if (this == GIT_BLOB) {
                    digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
                }
                return digest;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
        }
    }
}
