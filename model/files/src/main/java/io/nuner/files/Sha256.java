package io.nuner.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 that grows; written in 64 lower-case hexadecimal digits. One thread at a time. */
public final class Sha256 {
    /** Large enough that calls cost nothing beside hashing, small enough to stay in a core's cache. */
    private static final int CHUNK_BYTES = 1 << 17;

    private final MessageDigest digest;

    /** Of no bytes yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Of bytes. */
    public static String of(byte[] bytes) {
        return new Sha256().add(bytes).hex();
    }

    /** Of a whole buffer, whose position stays. */
    public static String of(ByteBuffer buffer) {
        return new Sha256().add(buffer.duplicate().rewind()).hex();
    }

    /** Adds bytes. */
    public Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds the rest of a buffer, whose position is then its limit. */
    public Sha256 add(ByteBuffer rest) {
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, rest.remaining())];
        while (rest.hasRemaining()) {
            int length = Math.min(chunk.length, rest.remaining());
            rest.get(chunk, 0, length); // a digest given a direct buffer copies it in pieces of 4 KiB
            digest.update(chunk, 0, length);
        }
        return this;
    }

    /** Copies a stream to its end and adds what was copied. */
    public Sha256 copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            digest.update(chunk, 0, read);
            out.write(chunk, 0, read);
        }
        return this;
    }

    /** The digest of all that was added; starts again. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
