package io.nuner.engine.trt.plan;

import io.nuner.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secret of this installation that marks plans as built by it: HMAC-SHA256 with 32 random bytes. Immutable. Any thread.
 *
 * <p>It protects against plans from elsewhere, not against whoever can read it.
 */
public final class SigningKey {
    /** Bytes of a key. */
    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NAME_DIGITS = 16;

    private final SecretKeySpec secret;

    private SigningKey(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * Reads the key, and makes it first if there is no such file. Of several processes at once, one makes it and all use it.
     *
     * @throws EngineException naming the file if it is damaged, if others may read it, or if it cannot be made
     */
    public static SigningKey at(Path file) throws EngineException {
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                make(file);
            }
            FileOwnership.requireSecretFile(file);
            return new SigningKey(read(file));
        } catch (IOException e) {
            throw EngineException.cannotOpen("the signing key " + file + " cannot be read or made: " + e, e);
        } catch (RefusedPlanException e) {
            throw EngineException.cannotOpen("the signing key " + e.getMessage(), e);
        }
    }

    /** Written beside and linked: whoever sees the file sees the whole key. */
    private static void make(Path file) throws IOException {
        @Nullable Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path complete = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            write(complete, random);
            Files.createLink(file, complete);
        } catch (FileAlreadyExistsException e) {
            return; // another process was faster, and its key counts
        } finally {
            Files.deleteIfExists(complete);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        EnumSet<StandardOpenOption> once = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, once, FileOwnership.OWNERS_FILE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    private static byte[] read(Path file) throws IOException, RefusedPlanException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(BYTES + 1);
            if (bytes.length != BYTES) {
                throw new RefusedPlanException(
                        file, "is not of " + BYTES + " bytes; delete it, and plans are built anew with a new one");
            }
            return bytes;
        }
    }

    /** Tells keys apart without giving them away. */
    String name() {
        return sign("name of the key".getBytes(StandardCharsets.UTF_8)).substring(0, NAME_DIGITS);
    }

    /** The signature of a message: 64 lower-case hexadecimal digits. */
    String sign(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(message));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** True if this key made the signature. Takes as long whatever differs. */
    boolean signed(byte[] message, String signature) {
        byte[] expected = sign(message).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
    }
}
