package io.nuner.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens files of models: regular ones and links to them. A pipe, socket or device, which could hang or flood a start, is
 * refused, and so is a {@link Placeholder}.
 */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Opens a file to read.
     *
     * @throws ModelException if it is missing, something else than a file, or cannot be read
     */
    public static FileChannel open(Path file) throws ModelException {
        require(file);
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws ModelException as above, or if it is larger than {@code maxBytes}
     */
    public static byte[] read(Path file, int maxBytes) throws ModelException {
        require(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw ModelException.of(file, "is larger than " + maxBytes + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw ModelException.of(file, e);
        }
    }

    /**
     * Refuses an existing entry that is no regular file, or is a {@link Placeholder}.
     *
     * @throws ModelException naming it
     */
    public static void require(Path file) throws ModelException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw ModelException.of(file, "is no file");
        }
        Placeholder.refuse(file);
    }
}
