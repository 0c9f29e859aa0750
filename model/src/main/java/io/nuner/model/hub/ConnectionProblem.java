package io.nuner.model.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says in words why a connection failed. */
final class ConnectionProblem {
    private ConnectionProblem() {}

    /** The failure to report; {@link HubException.Passing} if another attempt may help. */
    static HubException of(String host, IOException failure) {
        if (isCausedBy(failure, SSLHandshakeException.class)) {
            return new HubException(host + " cannot be trusted: its certificate is not accepted", failure);
        }
        return new HubException.Passing(describe(host, failure), failure);
    }

    /** The same for a connection that leads through a proxy. */
    static HubException of(String host, String proxy, IOException failure) {
        boolean refused =
                String.valueOf(failure.getMessage()).startsWith("Tunnel failed"); // HttpClient has no type for it
        if (refused) {
            return new HubException.Passing("the proxy " + proxy + " refuses a connection to " + host, failure);
        }
        boolean notReached = isCausedBy(failure, UnresolvedAddressException.class)
                || isCausedBy(failure, UnknownHostException.class)
                || isCausedBy(failure, ConnectException.class);
        return of(notReached ? "the proxy " + proxy : host, failure);
    }

    private static String describe(String host, IOException failure) {
        if (isCausedBy(failure, UnresolvedAddressException.class) || isCausedBy(failure, UnknownHostException.class)) {
            return "the name " + host + " is not known here; is this machine offline?";
        }
        if (isCausedBy(failure, HttpConnectTimeoutException.class)) {
            return host + " cannot be reached: no connection in time";
        }
        if (isCausedBy(failure, ConnectException.class)) {
            return host + " cannot be reached: nobody listens there";
        }
        if (isCausedBy(failure, HttpTimeoutException.class)) {
            return host + " fell silent";
        }
        return "the connection to " + host + " broke";
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
