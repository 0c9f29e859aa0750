package io.nuner.cli.common;

import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say in whose name to ask a server. */
public final class Identity {
    /** As bytes of UTF-8. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose share of the server to use.")
    private String tenant = "";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File of one line, the key of that tenant. Sent with every call, so use --tls.")
    private @Nullable Path keyFile;

    /** The tenant's name; empty for none. */
    String tenant() {
        return tenant;
    }

    /**
     * The tenant's key; empty for none.
     *
     * @throws IllegalArgumentException if the file does not hold one
     */
    String key() {
        return keyFile == null ? "" : key(keyFile);
    }

    private static String key(Path file) {
        String key;
        try {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            key = (content.startsWith(BYTE_ORDER_MARK) ? content.substring(BYTE_ORDER_MARK.length()) : content).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("--key-file " + file + " " + FileProblem.ofReading(file, e), e);
        }
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "--key-file " + file + " must hold one line of printable ASCII characters without blanks");
        }
        return key;
    }
}
