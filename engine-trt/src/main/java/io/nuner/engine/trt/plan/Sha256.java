package io.nuner.engine.trt.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in 64 lower-case hexadecimal digits. */
final class Sha256 {
    /** Large enough that calls cost nothing beside hashing, small enough to stay in a core's cache. */
    private static final int CHUNK_BYTES = 1 << 17;

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Of a whole buffer, whose position stays. */
    static String of(ByteBuffer buffer) {
        MessageDigest digest = digest();
        ByteBuffer rest = buffer.duplicate().rewind();
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, rest.remaining())];
        while (rest.hasRemaining()) {
            int length = Math.min(chunk.length, rest.remaining());
            rest.get(chunk, 0, length); // a digest given a direct buffer copies it in pieces of 4 KiB
            digest.update(chunk, 0, length);
        }
        return hex(digest);
    }

    /** Adds a text such that no two sequences of texts add the same bytes. */
    static void addText(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        addNumber(digest, bytes.length);
        digest.update(bytes);
    }

    static void addNumber(MessageDigest digest, int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
