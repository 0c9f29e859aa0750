package io.nuner.cli;

import io.nuner.client.ClientConfig;
import io.nuner.client.ClientConfig.Transport;
import io.nuner.client.ExtractionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server to ask. */
final class ServerAddress {
    @Option(
            names = {"-t", "--target"},
            defaultValue = "localhost:8001",
            paramLabel = "HOST:PORT",
            description = "The server. Default: ${DEFAULT-VALUE}.")
    private String target = "";

    @Option(names = "--tls", fallbackValue = "true", description = "Encrypt the connection.")
    private boolean tls;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose share of the server to use.")
    private String tenant = "";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File of one line, the key of that tenant. Sent with every call, so use --tls.")
    private @Nullable Path keyFile;

    /** Where to connect to, in whose name, with the longest time of one call. */
    ClientConfig config(Duration timeout) {
        String key = keyFile == null ? "" : key(keyFile);
        return new ClientConfig(target, tls ? Transport.TLS : Transport.PLAINTEXT, timeout, tenant, key);
    }

    private static String key(Path file) {
        String key;
        try {
            key = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("key-file " + file + " cannot be read", e);
        }
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "key-file " + file + " must hold one line of printable ASCII characters without blanks");
        }
        return key;
    }

    /** The end of a command whose call failed. */
    CommandFailure failure(ExtractionException failure) {
        return new CommandFailure(ExitCode.FAILED, describe(failure), failure);
    }

    /** A failed call in one line. */
    String describe(ExtractionException failure) {
        return switch (failure.code()) {
            case UNAVAILABLE -> "UNAVAILABLE: --target " + target + " does not serve: " + rootMessage(failure);
            case DEADLINE_EXCEEDED ->
                failure.estimate().isPresent()
                        ? "DEADLINE_EXCEEDED: " + failure.getMessage()
                        : "DEADLINE_EXCEEDED: --target " + target + " did not answer in time";
            default -> failure.code() + ": " + failure.getMessage();
        };
    }

    /** The innermost reason: gRPC wraps a refused connection twice. */
    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
