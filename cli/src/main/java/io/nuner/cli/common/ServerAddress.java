package io.nuner.cli.common;

import io.nuner.client.ClientConfig;
import io.nuner.client.ClientConfig.Transport;
import io.nuner.client.ExtractionException;
import io.nuner.v1.ErrorReason;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogManager;
import picocli.CommandLine.Option;

/** The options that say which server to ask. */
public final class ServerAddress {
    @Option(
            names = {"-t", "--target"},
            defaultValue = "localhost:8001",
            paramLabel = "HOST:PORT",
            description = "The server; an IPv6 address in brackets. Default: ${DEFAULT-VALUE}.")
    private String target = "";

    @Option(names = "--tls", fallbackValue = "true", description = "Encrypt the connection.")
    private boolean tls;

    /** Keeps the logs of libraries off standard error, since the command itself says in one line what went wrong. */
    public static void silenceLibraries() {
        LogManager.getLogManager().getLogger("").setLevel(Level.OFF);
    }

    /**
     * Where the server is.
     *
     * @throws IllegalArgumentException naming the option, if it is no HOST:PORT
     */
    public HostAndPort address() {
        try {
            return HostAndPort.parse(target);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--target " + e.getMessage(), e);
        }
    }

    /** Where to connect to, in whose name, with the longest time of one call. */
    public ClientConfig config(Duration timeout, Identity identity) {
        return config(address(), tls, timeout, identity);
    }

    /** Where to connect to, whether encrypted, in whose name, with the longest time of one call. */
    public static ClientConfig config(HostAndPort address, boolean tls, Duration timeout, Identity identity) {
        Transport transport = tls ? Transport.TLS : Transport.PLAINTEXT;
        return new ClientConfig(address.grpcTarget(), transport, timeout, identity.tenant(), identity.key());
    }

    /** As given. */
    public String target() {
        return target;
    }

    /** Whether the connection is encrypted. */
    public boolean isEncrypted() {
        return tls;
    }

    /** The end of a command whose call failed. */
    public CommandFailure failure(ExtractionException failure) {
        return new CommandFailure(ExitCode.FAILED, describe(failure), failure);
    }

    /** A failed call in one line. */
    public String describe(ExtractionException failure) {
        return describe("--target " + target, failure);
    }

    /**
     * A failed call in one line.
     *
     * @param server an option with its value
     */
    public static String describe(String server, ExtractionException failure) {
        boolean saysWhy = failure.reason() != ErrorReason.ERROR_REASON_UNSPECIFIED;
        return switch (failure.code()) {
            case UNAVAILABLE ->
                saysWhy
                        ? "UNAVAILABLE: " + server + ": " + failure.getMessage()
                        : "UNAVAILABLE: " + server + " does not serve: " + rootMessage(failure);
            case DEADLINE_EXCEEDED ->
                saysWhy && failure.reason() != ErrorReason.ERROR_REASON_EXPIRED
                        ? "DEADLINE_EXCEEDED: " + failure.getMessage()
                        : "DEADLINE_EXCEEDED: " + server + " did not answer in time";
            default -> failure.code() + ": " + failure.getMessage();
        };
    }

    /** The innermost message, since gRPC wraps a refused connection twice. */
    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
