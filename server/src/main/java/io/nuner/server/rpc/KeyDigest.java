package io.nuner.server.rpc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a tenant's key; two are compared in constant time, and none is ever printed. Immutable. */
public final class KeyDigest {
    private static final int BYTES = 32;

    private final byte[] sha256;

    private KeyDigest(byte[] sha256) {
        this.sha256 = sha256;
    }

    /** The digest of a key as a caller sends it. */
    public static KeyDigest of(String key) {
        try {
            return new KeyDigest(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /**
     * Reads a digest in hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is none; the message does not quote it
     */
    public static KeyDigest parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a SHA-256 must have " + 2 * BYTES + " hexadecimal digits");
        }
        try {
            return new KeyDigest(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) { // its message quotes what it was given
            throw new IllegalArgumentException("a SHA-256 must have hexadecimal digits only");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyDigest that && MessageDigest.isEqual(sha256, that.sha256);
    }

    /** Part of the digest, which tells nothing about the key. */
    @Override
    public int hashCode() {
        return (sha256[0] & 0xff) << 24 | (sha256[1] & 0xff) << 16 | (sha256[2] & 0xff) << 8 | (sha256[3] & 0xff);
    }

    @Override
    public String toString() {
        return "(key)";
    }
}
